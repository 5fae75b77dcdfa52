"""DICOMweb (PS3.18) under ``/dicom-web``: stores (STOW-RS), searches (QIDO-RS) and gives back (WADO-RS)."""

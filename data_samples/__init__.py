"""Synthetic radiographs: a thorax built in 3-D, X-rayed by arithmetic, and written as DICOM.

Nobody was ever exposed for these pictures and nobody is shown in them. Because the anatomy and the findings are put
in by us, what is to be seen, and where, is known to the pixel.

    build     thorax.py, hand.py     what lies where (cage, skeleton, vessels, findings): a Phantom
    project   projection.py          the beam: line integrals of attenuation on the detector's plane
    expose    detector.py            scatter, blur, noise, and the processing that makes it a radiograph
    write     dicom.py               a DX or CR instance in a transfer syntax
    list      catalogue.py           which samples there are, and what a reading of each must say

``python -m data_samples`` makes every file again.
"""

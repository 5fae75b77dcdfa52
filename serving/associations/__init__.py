"""DICOM associations, from the side that is asked for them (PS3.8: the upper layer; PS3.7: its messages).

One thread an association reads its socket into one buffer and hands on what comes, piece by piece, so a message is
never in memory as a whole and no length that a peer claims is ever allocated. PDUs that negotiate and command sets are
pynetdicom's to read and write; the loop around them is ours (docs/decisions/0008).
"""

"""Reviews that were signed off, as a training set: de-identified radiographs, labels and boxes."""

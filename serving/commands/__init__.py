"""Commands of ``hilum`` that are more than one function, and what all of them share."""

"""From submissions to recorded grades: take in, transplant, grade, record."""

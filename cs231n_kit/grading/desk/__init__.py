"""From recorded scores to people: the table of grades, and the page each student gets back."""

"""One file for each page of the lab, named as the page."""

"""The page of loss surfaces: the nets that are compared, their points as they are measured, the picture."""

"""What runs inside a worker: training, and questions about nets.

Imported by the pages' process too, so torch is imported inside the functions only.
"""

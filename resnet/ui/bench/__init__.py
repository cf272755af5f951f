"""The side bar: what lies on the bench, in the session and in the link."""

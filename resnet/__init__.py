"""ResNet Lab: build plain and residual nets of any depth, train them and look inside."""

"""Small networks in place of those trained on ImageNet."""

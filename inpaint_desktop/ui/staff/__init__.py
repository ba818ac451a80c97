"""The staff view: engraved pages that can be selected in, edited in, and followed while they sound."""

"""The version of this package, which is the version of the SDK that it was made with."""

VERSION = "0.1.0"

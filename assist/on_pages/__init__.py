"""What visitors do on a page host: ask “Is it just me?”, and follow an incident by a link."""

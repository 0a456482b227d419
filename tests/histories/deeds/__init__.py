"""What people do in the histories, by topic: each rule is one deed, or a few that belong together."""

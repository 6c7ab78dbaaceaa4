"""The read side: every file answers one question from the view database, which can be deleted at
any time. See README.md here."""

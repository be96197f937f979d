"""What all pages share: the session and its link, the sidebar's controls, and small parts."""

"""The app around the pages: server, navigation, language, style."""

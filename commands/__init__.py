"""The command line, a command a file; what is heavy is imported where a command needs it, so that help is quick."""

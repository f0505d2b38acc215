"""What an incident has meant, on one sheet that can be handed on."""

"""From melodies to sound: what is played when, and through which output; nothing here knows of Qt."""

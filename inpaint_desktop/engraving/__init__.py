"""From notation to pages that know where each measure and note lies (Verovio); nothing here knows of Qt."""

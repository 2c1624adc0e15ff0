"""Region packs: data only. A pack is a folder that `eslabon.evidence.pack.load_pack` reads."""

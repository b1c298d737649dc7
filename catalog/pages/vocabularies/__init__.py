"""`/vocabularies/`: the words that records are made of, and who may change them."""

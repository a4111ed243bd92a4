def names(shelf): pass
def dates(shelf): pass
def states(shelf): pass
def albums(shelf): pass

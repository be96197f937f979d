"""Files of judgments that others write and read: the paper's folders, opinion scores, tables of votes."""

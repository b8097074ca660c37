"""What commands and views share: responses, permissions, previews and the pages of long answers."""

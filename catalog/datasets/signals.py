"""What the floors above may hear of an entry, in the transaction of the change."""

from typing import Final

from django.dispatch import Signal

# Sent with dataset and actor. A receiver that raises takes the withdrawal back: it happens whole or not.
dataset_withdrawn: Final = Signal()

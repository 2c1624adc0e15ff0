"""Parts of a network that no balance connects: a quarrel in one must not hide one in another."""

from __future__ import annotations

from dataclasses import replace

from eslabon.evidence.reconcile.network import Network


def components(network: Network) -> list[Network]:
    """Return the parts of a network that share no balance, each with its claims, largest first."""
    parts: list[set[str]] = []
    for names in [{v.name} for v in network.variables] + [set(balance.names) for balance in network.balances]:
        touching = [part for part in parts if part & names]
        parts = [part for part in parts if not part & names] + [names.union(*touching)]
    return sorted((_only(network, part) for part in parts), key=lambda n: -len(n.measurements))


def _only(network: Network, names: set[str]) -> Network:
    return replace(
        network,
        variables=tuple(v for v in network.variables if v.name in names),
        measurements=tuple(m for m in network.measurements if m.variable in names),
        balances=tuple(b for b in network.balances if set(b.names) <= names),
    )

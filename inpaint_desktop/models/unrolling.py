"""Decoding measure by measure, tick by tick, with the decoder's own tokens fed back.

The feedback is a choice: the likeliest token (the paper), or one drawn from the logits. Both
happen in a ``Choice``, which sees the logits of one tick and may forbid tokens.

Shapes: B batch, K beats, T ticks, H hidden size, L layers, E embedding, V vocabulary.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from inpaint_desktop.models.gru import GRU
from inpaint_desktop.models.measure_vae import Decoder

Choice = Callable[[int, Tensor], Tensor]
"""From a tick's index and its logits (B, V) to the tokens (B,) that are fed back."""


def likeliest(_tick: int, logits: Tensor) -> Tensor:
    """The paper's choice: the token with the highest score, (B,)."""
    return logits.argmax(-1)


def unroll(
    decoder: Decoder, latents: Tensor, choose: Choice = likeliest, *, blind: bool = False
) -> tuple[Tensor, Tensor]:
    """Decode ``latents`` (B, Z) freely: the logits (B, T, V) and the tokens chosen (B, T).

    A ``blind`` decoder gets no token fed back (as under word dropout): each tick's distribution is then
    the marginal one, whatever was chosen before.
    """
    states, inputs = decoder.beats(latents)  # (L, B, K, H), (B, K, H)
    gru = decoder.tick_gru
    embedding_size = decoder.config.embedding_size
    weight = gru.weight("weight_ih", 0)
    from_beat = nn.functional.linear(inputs, weight[:, embedding_size:], gru.weight("bias_ih", 0))
    from_token = nn.functional.linear(decoder.embedding.weight, weight[:, :embedding_size])  # (V, 3H)
    share = nn.functional.linear(decoder.first_tick_input, weight[:, :embedding_size]).expand(len(latents), -1)
    all_logits, all_tokens = [], []
    for tick in range(decoder.config.ticks):
        beat, place = divmod(tick, decoder.config.ticks_per_beat)
        if place == 0:
            state = list(states[:, :, beat].unbind(0))
        output, state = _step(gru, from_beat[:, beat] + share, state)
        logits = decoder.logits(output)
        tokens = choose(tick, logits)
        share = torch.zeros_like(share) if blind else from_token[tokens]
        all_logits.append(logits)
        all_tokens.append(tokens)
    return torch.stack(all_logits, 1), torch.stack(all_tokens, 1)


def log_likelihoods(decoder: Decoder, latents: Tensor, tokens: Tensor) -> Tensor:
    """How likely each of ``tokens`` (C, B, T) is under ``latents`` (B, Z) after those before it, (C, B, T).

    For scoring several readings of the same latents: as the tokens are known, all beats go side by side.
    """
    beats, width = decoder.config.beats, decoder.config.embedding_size
    states, inputs = decoder.beats(latents)  # (L, B, K, H), (B, K, H)
    gru = decoder.tick_gru
    weight = gru.weight("weight_ih", 0)
    from_beat = nn.functional.linear(inputs, weight[:, width:], gru.weight("bias_ih", 0))  # (B, K, 3H)
    known = torch.cat((decoder.embedding.weight, decoder.first_tick_input[None]))  # (V + 1, E)
    from_token = nn.functional.linear(known, weight[:, :width])  # (V + 1, 3H)
    before = nn.functional.pad(tokens[..., :-1], (1, 0), value=len(known) - 1).unflatten(-1, (beats, -1))
    state = [layer.expand(len(tokens), -1, -1, -1).flatten(0, 2) for layer in states]  # L x (C * B * K, H)
    outputs = []
    for place in range(decoder.config.ticks_per_beat):
        projected = from_beat + from_token[before[..., place]]  # (C, B, K, 3H)
        output, state = _step(gru, projected.flatten(0, 2), state)
        outputs.append(output)
    scores = decoder.logits(torch.stack(outputs, 1)).log_softmax(-1)  # (C * B * K, Q, V)
    return scores.gather(-1, tokens.reshape(*scores.shape[:2], 1)).view(tokens.shape)


def _step(gru: GRU, projected: Tensor, state: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """One step of all layers: the projected input (B, 3H) and the states, each (B, H)."""
    after: list[Tensor] = []
    output = projected
    for layer in range(gru.num_layers):
        if layer:
            output = nn.functional.dropout(output, gru.dropout, gru.training)
            output = nn.functional.linear(output, gru.weight("weight_ih", layer), gru.weight("bias_ih", layer))
        output = _cell(gru, layer, output, state[layer])
        after.append(output)
    return output, after


def _cell(gru: GRU, layer: int, projected: Tensor, state: Tensor) -> Tensor:
    from_state = nn.functional.linear(state, gru.weight("weight_hh", layer), gru.weight("bias_hh", layer))
    reset_in, update_in, new_in = projected.chunk(3, -1)
    reset_state, update_state, new_state = from_state.chunk(3, -1)
    reset = torch.sigmoid(reset_in + reset_state)
    update = torch.sigmoid(update_in + update_state)
    new = torch.tanh(new_in + reset * new_state)
    return new + update * (state - new)

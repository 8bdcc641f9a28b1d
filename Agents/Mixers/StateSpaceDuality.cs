using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// The recurrence of Mamba-2 (Dao and Gu, "Transformers are SSMs", 2024, sections 6 and 7): S ← exp(A Δ) S + Δ x Bᵀ, y = S C, with one
/// decay a head. Chunk by chunk: inside a chunk as a masked product of matrices, from chunk to chunk as a recurrence of their states.
/// </summary>
/// <remarks>
/// Decays stay in the type of the inputs. Sums of logarithms over a stretch are added up from zero and never are the difference of two
/// sums, and what lies above the diagonal becomes −∞ before it is raised, so that nothing overflows.
/// </remarks>
public static class StateSpaceDuality
{
    /// <summary>All moments.</summary>
    /// <param name="x"><c>[B, T, H, P]</c>.</param>
    /// <param name="width">Step widths Δ <c>[B, T, H]</c>, at least 0.</param>
    /// <param name="a">Rates A <c>[H]</c>, below 0.</param>
    /// <param name="b"><c>[B, T, G, N]</c>; head h reads group h / (H / G).</param>
    /// <param name="c"><c>[B, T, G, N]</c>.</param>
    /// <param name="state">Before the first moment <c>[B, H, P, N]</c>.</param>
    /// <param name="segments">Episodes begun up to each moment <c>[B, T]</c>; null where none begins.</param>
    /// <param name="chunk">Moments Q of a chunk.</param>
    /// <param name="after">The state after the last moment.</param>
    /// <returns>y <c>[B, T, H, P]</c>.</returns>
    public static Tensor Forward(Tensor x, Tensor width, Tensor a, Tensor b, Tensor c, Tensor state, Tensor? segments, int chunk, out Tensor after)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(width);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(segments is null ? x : segments);
        long length = x.shape[1], heads = x.shape[2], q = Math.Min(chunk, length), chunks = (length + q - 1) / q;
        // The tail is filled with moments of no width, which change nothing.
        long missing = (chunks * q) - length;
        var logarithms = Chunked(width * a, chunks, q, missing).transpose(2, 3);
        var pushed = Chunked(x * width.unsqueeze(-1), chunks, q, missing).transpose(2, 3);
        Tensor read = Chunked(c, chunks, q, missing).transpose(2, 3), written = Chunked(b, chunks, q, missing).transpose(2, 3);
        var counts = segments is null ? null : Chunked(Filled(segments, missing), chunks, q, 0).unsqueeze(2);
        var before = counts is null ? null : Decays.Begun(counts, chunks);

        var kept = Decays.Between(logarithms, counts);
        long share = heads / b.shape[2];
        var inside = (Heads(read.matmul(written.transpose(-1, -2)), share) * kept).matmul(pushed);
        Tensor readByHead = Heads(read, share), writtenByHead = Heads(written, share);
        var left = (pushed * kept.narrow(-2, q - 1, 1).transpose(-1, -2)).transpose(-1, -2).matmul(writtenByHead);
        var fromStart = logarithms.cumsum(-1).exp();
        // Of the state that comes in, only moments before the first beginning of their chunk know.
        if (counts is not null) fromStart = fromStart * counts.eq(before!);

        var incoming = new Tensor[chunks];
        for (long k = 0; k < chunks; k++)
        {
            incoming[k] = state;
            var decay = fromStart.select(1, k).narrow(-1, q - 1, 1).unsqueeze(-1);
            state = (decay * state) + left.select(1, k);
        }
        after = state;
        var outside = fromStart.unsqueeze(-1) * readByHead.matmul(stack(incoming, 1).transpose(-1, -2));
        return (inside + outside).transpose(2, 3).reshape(x.shape[0], chunks * q, heads, x.shape[3]).narrow(1, 0, length);
    }

    /// <summary>One moment: x <c>[B, H, P]</c>, width <c>[B, H]</c>, b and c <c>[B, G, N]</c>.</summary>
    public static Tensor Step(Tensor x, Tensor width, Tensor a, Tensor b, Tensor c, Tensor state, out Tensor after)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(width);
        ArgumentNullException.ThrowIfNull(b);
        long share = x.shape[1] / b.shape[1];
        Tensor byHeadB = b.repeat_interleave(share, 1), byHeadC = c.repeat_interleave(share, 1);
        after = ((width * a).exp().unsqueeze(-1).unsqueeze(-1) * state) + ((x * width.unsqueeze(-1)).unsqueeze(-1) * byHeadB.unsqueeze(-2));
        return after.matmul(byHeadC.unsqueeze(-1)).squeeze(-1);
    }

    private static Tensor Chunked(Tensor x, long chunks, long q, long missing)
    {
        if (missing > 0)
        {
            long[] shape = [.. x.shape];
            shape[1] = missing;
            x = cat([x, zeros(shape, x.dtype, x.device)], 1);
        }
        return x.reshape([x.shape[0], chunks, q, .. x.shape[2..]]);
    }

    /// <summary>Counts that go on as they are where moments are missing.</summary>
    private static Tensor Filled(Tensor counts, long missing)
        => missing == 0 ? counts : cat([counts, counts.narrow(1, counts.shape[1] - 1, 1).expand(-1, missing)], 1);

    /// <summary>Groups <c>[B, chunks, G, …]</c> repeated for their heads.</summary>
    private static Tensor Heads(Tensor groups, long share) => share == 1 ? groups : groups.repeat_interleave(share, 2);
}

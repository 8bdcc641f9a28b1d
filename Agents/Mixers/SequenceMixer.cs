using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// Mixes a sequence along time, causally: what it gives at a moment depends on that moment and those before. Two forms that agree:
/// <see cref="Forward"/> takes all moments of a batch at once, <see cref="Step"/> one moment, and each goes on from the state that either left.
/// </summary>
/// <remarks>
/// Parameters are registered by the names of their fields: that is how torch's move to a device finds the field to replace.
/// </remarks>
public abstract class SequenceMixer : nn.Module
{
    /// <param name="name">As in the table, <see cref="SequenceMixers"/>.</param>
    /// <param name="width">Numbers of a moment, in and out.</param>
    protected SequenceMixer(string name, int width)
        : base(TorchRuntime.Before(name)) => Width = width;

    /// <summary>Numbers D of a moment, in and out.</summary>
    public int Width { get; }

    /// <summary>The state before the first moment.</summary>
    public abstract MixerState InitialState(long batch, Device device);

    /// <summary>Mixes T moments of B sequences.</summary>
    /// <param name="x"><c>[B, T, D]</c>.</param>
    /// <param name="state">The state before; initial where there is none. It stays as it is.</param>
    /// <param name="reset"><c>[B, T]</c> of bool: true where a moment begins an episode, which then knows nothing of what came before; null for nowhere.</param>
    /// <returns><c>[B, T, D]</c> and the state after, both in the caller's dispose scope.</returns>
    public abstract (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null);

    /// <summary>Mixes one moment of B sequences.</summary>
    /// <param name="x"><c>[B, D]</c>.</param>
    /// <param name="state">The state before; it stays as it is.</param>
    /// <param name="reset"><c>[B]</c> of bool: true where the moment begins an episode; null for nowhere.</param>
    /// <returns><c>[B, D]</c> and the state after, both in the caller's dispose scope.</returns>
    public abstract (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null);

    /// <summary>1 where a row goes on, 0 where it begins, of the shape <c>[B, 1, …]</c> that multiplies a tensor of <paramref name="like"/>'s rank.</summary>
    protected static Tensor GoesOn(Tensor reset, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(reset);
        ArgumentNullException.ThrowIfNull(like);
        long[] shape = new long[like.dim()];
        Array.Fill(shape, 1);
        shape[0] = like.shape[0];
        return reset.logical_not().to(like.dtype).view(shape);
    }
}

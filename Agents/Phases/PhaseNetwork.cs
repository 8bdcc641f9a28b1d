using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.Phases;

/// <summary>
/// A gated recurrent unit (Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine
/// Translation", 2014) that reads observations in their order, and three heads on its state: the phase, the next other
/// phase, and the steps to go. It looks back, never ahead.
/// </summary>
internal sealed class PhaseNetwork : IDisposable
{
    private readonly TorchSharp.Modules.GRU _memory;
    private readonly TorchSharp.Modules.Linear _phase, _next, _remaining;

    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public PhaseNetwork(int inputs, int hidden, int phases, ulong seed)
    {
        TorchRuntime.EnsureLoaded();
        _memory = nn.GRU(inputs, hidden, batchFirst: true);
        (_phase, _next, _remaining) = (nn.Linear(hidden, phases), nn.Linear(hidden, phases), nn.Linear(hidden, 1));
        Parameters = [.. _memory.parameters(), .. _phase.parameters(), .. _next.parameters(), .. _remaining.parameters()];
        float limit = 1 / MathF.Sqrt(hidden);
        for (int i = 0; i < Parameters.Count; i++) Draw(Parameters[i], limit, seed, (ulong)i);
    }

    public IReadOnlyList<TorchSharp.Modules.Parameter> Parameters { get; }

    /// <summary>What is thought at each moment: logits of the phase and of the next <c>[episodes, moments, phases]</c>, standardised steps to go <c>[episodes, moments]</c>.</summary>
    public (Tensor Phase, Tensor Next, Tensor Remaining) Forward(Tensor inputs)
    {
        var (states, _) = _memory.call(inputs);
        return (_phase.call(states), _next.call(states), _remaining.call(states).squeeze(-1));
    }

    public void Dispose()
    {
        _memory.Dispose();
        _phase.Dispose();
        _next.Dispose();
        _remaining.Dispose();
    }

    /// <summary>Uniform in ±limit, by our own generator, so that equal seeds give equal networks.</summary>
    private static void Draw(Tensor parameter, float limit, ulong seed, ulong number)
    {
        float[] values = new float[parameter.numel()];
        CounterRandom.FillUniform(values, seed, RandomStream.Weights, number);
        for (int i = 0; i < values.Length; i++) values[i] = limit * ((2 * values[i]) - 1);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        parameter.copy_(tensor(values, parameter.shape));
    }
}

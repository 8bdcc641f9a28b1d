using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// A recurrent cell whose numbers each see no other number's state, and whose moments are found all at once by Newton's method (Danieli et al.,
/// "ParaRNN", 2025): each iteration linearises the cell about the states so far and solves the linear recurrence by a scan. The derivative is that of one
/// more such solve at the solution.
/// </summary>
/// <remarks>
/// <see cref="Iterations"/> are always done, since asking whether they are enough would wait for the device; errors square from one to the next, and
/// T iterations are exact for T moments whatever the cell.
/// </remarks>
public abstract class NewtonCell : SequenceMixer
{
    /// <summary>Newton iterations; of the cells of the tests none needs more than 5 to come within rounding.</summary>
    public const int Iterations = 8;

    private readonly Parameter _fromInput, _bias, _recurrent;

    private protected NewtonCell(string name, MixerSettings settings, WeightDraws draws, int gates, int states, int recurrent)
        : base(name, settings.Width)
    {
        settings.Validate();
        States = states;
        float limit = 1 / MathF.Sqrt(Width);
        _fromInput = draws.Uniform(limit, gates * Width, Width);
        _bias = draws.Constant(0, gates * Width);
        _recurrent = draws.Uniform(1, recurrent, Width);
        register_parameter(nameof(_fromInput), _fromInput);
        register_parameter(nameof(_bias), _bias);
        register_parameter(nameof(_recurrent), _recurrent);
    }

    /// <summary>Numbers of state for each number of the output, which is the last of them.</summary>
    protected int States { get; }

    public override MixerState InitialState(long batch, Device device) => new(("state", zeros([batch, Width, States], _fromInput.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        state ??= InitialState(x.shape[0], x.device);
        var states = Solve(functional.linear(x, _fromInput, _bias), state[0], reset, _recurrent, Iterations, Cell);
        var after = new MixerState(("state", states.select(1, x.shape[1] - 1)));
        return (states.select(-1, States - 1).MoveToOuterDisposeScope(), after.MoveToOuterScope());
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var before = state[0];
        if (reset is not null) before = before * GoesOn(reset, before);
        var after = Cell(functional.linear(x, _fromInput, _bias), before, _recurrent, out _);
        return (after.select(-1, States - 1).MoveToOuterDisposeScope(), new MixerState(("state", after)).MoveToOuterScope());
    }

    /// <summary>The state after a moment and how it depends on the state before.</summary>
    /// <param name="projected">What the gates see of the input <c>[…, gates · D]</c>.</param>
    /// <param name="before"><c>[…, D, states]</c>.</param>
    /// <param name="recurrent">Weights of the state <c>[recurrent, D]</c>.</param>
    /// <param name="slope"><c>[…, D, states, states]</c>, after by before.</param>
    internal delegate Tensor CellFunction(Tensor projected, Tensor before, Tensor recurrent, out Tensor slope);

    internal abstract Tensor Cell(Tensor projected, Tensor before, Tensor recurrent, out Tensor slope);

    /// <summary>The states at all moments <c>[B, T, D, states]</c>.</summary>
    internal static Tensor Solve(Tensor projected, Tensor initial, Tensor? reset, Tensor recurrent, int iterations, CellFunction cell)
    {
        var goesOn = reset?.logical_not().to(projected.dtype).unsqueeze(-1).unsqueeze(-1);
        Tensor solution;
        using (no_grad())
        {
            // The first guess knows nothing of the states before.
            solution = cell(projected, zeros([.. projected.shape[..2], .. initial.shape[1..]], initial.dtype, initial.device), recurrent, out _);
            for (int i = 0; i < iterations; i++) solution = Improve(solution);
        }
        return Improve(solution.detach());

        Tensor Improve(Tensor guess)
        {
            var before = cat([initial.unsqueeze(1), guess.narrow(1, 0, guess.shape[1] - 1)], 1);
            if (goesOn is not null) before = before * goesOn;
            // How far the guess leans on is a number, the solution's own dependence on the initial state stays in the graph of the scan.
            var leaned = before.detach();
            var after = cell(projected, leaned, recurrent, out var slope);
            slope = slope.detach();
            if (goesOn is not null) slope = slope * goesOn.unsqueeze(-1);
            return LinearScan.RunBlocks(slope, after - slope.matmul(leaned.unsqueeze(-1)).squeeze(-1), initial);
        }
    }
}

/// <summary>
/// z = σ(a h + W x), r = σ(a′ h + W′ x), c = tanh(a″ h r + W″ x), h ← (1 − z) h + z c, all number by number.
/// </summary>
public sealed class ParaGru(MixerSettings settings, WeightDraws draws) : NewtonCell("paragru", settings, draws, gates: 3, states: 1, recurrent: 3)
{
    internal override Tensor Cell(Tensor projected, Tensor before, Tensor recurrent, out Tensor slope)
    {
        var gates = projected.chunk(3, -1);
        var h = before.squeeze(-1);
        Tensor az = recurrent[0], ar = recurrent[1], ah = recurrent[2];
        Tensor z = ((az * h) + gates[0]).sigmoid(), r = ((ar * h) + gates[1]).sigmoid(), c = ((ah * h * r) + gates[2]).tanh();
        Tensor dz = z * (1 - z) * az, dr = r * (1 - r) * ar, dc = (1 - (c * c)) * ah * (r + (h * dr));
        slope = (1 - z + (dz * (c - h)) + (z * dc)).unsqueeze(-1).unsqueeze(-1);
        return (h + (z * (c - h))).unsqueeze(-1);
    }
}

/// <summary>
/// f = σ(a h + p c + W x), z = tanh(a′ h + W′ x), c ← f c + (1 − f) z, o = σ(a″ h + p′ c + W″ x) with the new c, h ← o tanh(c), all number by number. The state is
/// (c, h); the weights are a, a′, a″, p, p′.
/// </summary>
public sealed class ParaLstm(MixerSettings settings, WeightDraws draws) : NewtonCell("paralstm", settings, draws, gates: 3, states: 2, recurrent: 5)
{
    internal override Tensor Cell(Tensor projected, Tensor before, Tensor recurrent, out Tensor slope)
    {
        var gates = projected.chunk(3, -1);
        Tensor c = before.select(-1, 0), h = before.select(-1, 1);
        Tensor af = recurrent[0], az = recurrent[1], ao = recurrent[2], pf = recurrent[3], po = recurrent[4];
        Tensor f = ((af * h) + (pf * c) + gates[0]).sigmoid(), z = ((az * h) + gates[1]).tanh(), next = z + (f * (c - z));
        Tensor o = ((ao * h) + (po * next) + gates[2]).sigmoid(), squashed = next.tanh();
        Tensor df = f * (1 - f) * (c - z), down = o * (1 - o) * squashed;
        Tensor byC = f + (df * pf), byH = (df * af) + ((1 - f) * (1 - (z * z)) * az);
        var through = (o * (1 - (squashed * squashed))) + (down * po);
        slope = stack([stack([byC, byH], -1), stack([through * byC, (through * byH) + (down * ao)], -1)], -2);
        return stack([next, o * squashed], -1);
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// DeltaProduct (Siems et al., 2025): a matrix S a head, which each moment is multiplied by a gate and then takes n Householder steps,
/// S ← S (I − β k kᵀ) + β v kᵀ with unit k and β in (0, 2); the output is S q. n = 1 is DeltaNet. All moments at once by the chunked delta rule
/// (Yang et al., 2024). State: <c>[B, H, P, P]</c>.
/// </summary>
public sealed class DeltaProduct : SequenceMixer
{
    private readonly MixerSettings _settings;
    private readonly int _heads, _steps;
    private readonly Parameter _query, _key, _value, _strength, _gate, _gateBias, _out;

    /// <exception cref="ArgumentException">The width does not make heads.</exception>
    public DeltaProduct(MixerSettings settings, WeightDraws draws)
        : base("deltaproduct", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        (_settings, _heads, _steps) = (settings, settings.Heads("deltaproduct"), settings.HouseholderSteps);
        float limit = 1 / MathF.Sqrt(Width);
        _query = draws.Uniform(limit, Width, Width);
        _key = draws.Uniform(limit, _steps * Width, Width);
        _value = draws.Uniform(limit, _steps * Width, Width);
        _strength = draws.Uniform(limit, _steps * _heads, Width);
        _gate = draws.Uniform(limit, _heads, Width);
        // Gates begin near 1: nine parts of ten and more of the state stay.
        _gateBias = draws.Draw([_heads], unit => 3 + (3 * unit));
        _out = draws.Uniform(limit / MathF.Sqrt(settings.Layers), Width, Width);
        register_parameter(nameof(_query), _query);
        register_parameter(nameof(_key), _key);
        register_parameter(nameof(_value), _value);
        register_parameter(nameof(_strength), _strength);
        register_parameter(nameof(_gate), _gate);
        register_parameter(nameof(_gateBias), _gateBias);
        register_parameter(nameof(_out), _out);
    }

    public override MixerState InitialState(long batch, Device device)
        => new(("state", zeros([batch, _heads, _settings.HeadWidth, _settings.HeadWidth], _out.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        long batch = x.shape[0], length = x.shape[1];
        state ??= InitialState(batch, x.device);
        var (q, k, v, strength, gate) = Terms(x);
        var output = Chunks(q, k, v, strength, gate, state[0], reset is null ? null : EpisodeSegments.Count(reset), _settings.Chunk, out var after);
        return (functional.linear(output.reshape(batch, length, Width), _out).MoveToOuterDisposeScope(), new MixerState(("state", after)).MoveToOuterScope());
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var s = state[0];
        if (reset is not null) s = s * GoesOn(reset, s);
        var (q, k, v, strength, gate) = Terms(x);
        s = s * gate.exp().unsqueeze(-1).unsqueeze(-1);
        for (int step = 0; step < _steps; step++)
        {
            Tensor key = k.select(1, step).unsqueeze(-1), beta = strength.select(1, step).unsqueeze(-1).unsqueeze(-1);
            s = s + (beta * (v.select(1, step).unsqueeze(-1) - s.matmul(key)).matmul(key.transpose(-1, -2)));
        }
        var output = functional.linear(s.matmul(q.unsqueeze(-1)).reshape(x.shape[0], Width), _out);
        return (output.MoveToOuterDisposeScope(), new MixerState(("state", s)).MoveToOuterScope());
    }

    /// <summary>All moments, chunk by chunk, each of whose moments is n steps of which the first carries the gate.</summary>
    /// <param name="q"><c>[B, T, H, dk]</c>.</param>
    /// <param name="k">Of unit length <c>[B, T, n, H, dk]</c>.</param>
    /// <param name="v"><c>[B, T, n, H, dv]</c>.</param>
    /// <param name="strength">β <c>[B, T, n, H]</c>.</param>
    /// <param name="gate">Logarithms of the gates <c>[B, T, H]</c>, at most 0.</param>
    /// <param name="state">Before <c>[B, H, dv, dk]</c>.</param>
    /// <param name="segments">Episodes begun up to each moment <c>[B, T]</c>; null where none begins.</param>
    /// <param name="chunk">Moments of a chunk.</param>
    /// <param name="after">The state after.</param>
    /// <returns>S q <c>[B, T, H, dv]</c>.</returns>
    public static Tensor Chunks(Tensor q, Tensor k, Tensor v, Tensor strength, Tensor gate, Tensor state, Tensor? segments, int chunk, out Tensor after)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(strength);
        ArgumentNullException.ThrowIfNull(gate);
        long length = q.shape[1], steps = k.shape[2], heads = q.shape[2];
        List<Tensor> outputs = [];
        Tensor? begun = segments is null ? null : zeros_like(segments.narrow(1, 0, 1));
        for (long start = 0; start < length; start += chunk)
        {
            long count = Math.Min(chunk, length - start);
            Tensor Steps(Tensor all) => all.narrow(1, start, count).reshape([all.shape[0], count * steps, heads, .. all.shape[4..]]).transpose(1, 2);
            Tensor keys = Steps(k), values = Steps(v), beta = Steps(strength).unsqueeze(-1);
            var own = gate.narrow(1, start, count).transpose(1, 2);
            var logarithms = cat([own.unsqueeze(-1), zeros([own.shape[0], heads, count, steps - 1], own.dtype, own.device)], -1).reshape(own.shape[0], heads, count * steps);
            var counts = segments?.narrow(1, start, count).repeat_interleave(steps, 1).unsqueeze(1);
            var decays = Decays.Between(logarithms, counts);
            var entered = logarithms.cumsum(-1).exp();
            if (counts is not null) entered = entered * counts.eq(begun!.unsqueeze(1));
            entered = entered.unsqueeze(-1);

            var system = beta * (keys.matmul(keys.transpose(-1, -2)) * decays).tril(-1);
            var carried = state.transpose(-1, -2);
            var written = linalg.solve_triangular(system, beta * (values - (entered * keys.matmul(carried))), upper: false, left: true, unitriangular: true);
            // Moments read after the last of their steps.
            Tensor LastSteps(Tensor all) => all.reshape([all.shape[0], heads, count, steps, .. all.shape[3..]]).select(3, steps - 1);
            var queries = q.narrow(1, start, count).transpose(1, 2);
            var read = queries.matmul(keys.transpose(-1, -2)) * LastSteps(decays);
            outputs.Add(((LastSteps(entered) * queries.matmul(carried)) + read.matmul(written)).transpose(1, 2));
            long last = (count * steps) - 1;
            state = (entered.narrow(2, last, 1) * state) + (written * decays.narrow(2, last, 1).transpose(-1, -2)).transpose(-1, -2).matmul(keys);
            begun = segments?.narrow(1, start + count - 1, 1);
        }
        after = state;
        return cat(outputs, 1);
    }

    private (Tensor Query, Tensor Key, Tensor Value, Tensor Strength, Tensor Gate) Terms(Tensor x)
    {
        long[] lead = x.shape[..^1];
        var keys = functional.linear(x, _key).view([.. lead, _steps, _heads, -1]);
        return (functional.linear(x, _query).view([.. lead, _heads, -1]),
            keys * (keys.pow(2).sum([-1], keepdim: true) + 1e-12).rsqrt(),
            functional.linear(x, _value).view([.. lead, _steps, _heads, -1]),
            2 * functional.linear(x, _strength).sigmoid().view([.. lead, _steps, _heads]),
            functional.logsigmoid(functional.linear(x, _gate, _gateBias)));
    }
}

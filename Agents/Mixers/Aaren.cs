using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// Attention as a recurrence (Feng et al., "Attention as an RNN", 2024): a learned query for each head, keys and values from the inputs, each moment
/// attends to itself and those before. State of a head: the largest score m, the sum of weights c and the weighted sum of values a.
/// </summary>
public sealed class Aaren : SequenceMixer
{
    /// <summary>A score below all others, in place of −∞, of which a derivative would be no number.</summary>
    private const double Nothing = -1e30;

    private readonly MixerSettings _settings;
    private readonly int _heads;
    private readonly Parameter _query, _key, _value, _out;

    /// <exception cref="ArgumentException">The width does not make heads.</exception>
    public Aaren(MixerSettings settings, WeightDraws draws)
        : base("aaren", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        (_settings, _heads) = (settings, settings.Heads("aaren"));
        float limit = 1 / MathF.Sqrt(Width);
        _query = draws.Uniform(1, _heads, settings.HeadWidth);
        _key = draws.Uniform(limit, Width, Width);
        _value = draws.Uniform(limit, Width, Width);
        _out = draws.Uniform(limit / MathF.Sqrt(settings.Layers), Width, Width);
        register_parameter(nameof(_query), _query);
        register_parameter(nameof(_key), _key);
        register_parameter(nameof(_value), _value);
        register_parameter(nameof(_out), _out);
    }

    public override MixerState InitialState(long batch, Device device)
        => new(("largest", full([batch, _heads], Nothing, _out.dtype, device)),
            ("weight", zeros([batch, _heads], _out.dtype, device)),
            ("values", zeros([batch, _heads, _settings.HeadWidth], _out.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        long batch = x.shape[0], length = x.shape[1];
        state ??= InitialState(batch, x.device);
        var scores = Scores(x);
        var values = Values(x);
        var begins = reset?.unsqueeze(-1).expand(-1, -1, _heads);
        var all = Scan(cat([state[0].unsqueeze(1), scores], 1), cat([state[1].unsqueeze(1), ones_like(scores)], 1), cat([state[2].unsqueeze(1), values], 1),
            begins is null ? null : cat([zeros_like(begins.narrow(1, 0, 1)), begins], 1));
        var mixed = (all.Values / all.Weight.unsqueeze(-1)).narrow(1, 1, length).reshape(batch, length, Width);
        var after = new MixerState(("largest", all.Largest.select(1, length)), ("weight", all.Weight.select(1, length)), ("values", all.Values.select(1, length)));
        return (functional.linear(mixed, _out).MoveToOuterDisposeScope(), after.MoveToOuterScope());
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var scores = Scores(x);
        var (m, c, a) = Join(state[0], state[1], state[2], scores, ones_like(scores), Values(x), reset?.unsqueeze(-1).expand(-1, _heads));
        var output = functional.linear((a / c.unsqueeze(-1)).reshape(x.shape[0], Width), _out);
        return (output.MoveToOuterDisposeScope(), new MixerState(("largest", m), ("weight", c), ("values", a)).MoveToOuterScope());
    }

    /// <summary>Softmax averages over all moments up to each, by doubling: scores and weights <c>[B, T, H]</c>, values <c>[B, T, H, d]</c>.</summary>
    public static (Tensor Largest, Tensor Weight, Tensor Values) Scan(Tensor largest, Tensor weight, Tensor values, Tensor? begins)
    {
        ArgumentNullException.ThrowIfNull(largest);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(values);
        long length = largest.shape[1];
        for (long shift = 1; shift < length; shift *= 2)
        {
            long rest = length - shift;
            Tensor Early(Tensor all) => all.narrow(1, 0, rest);
            Tensor Late(Tensor all) => all.narrow(1, shift, rest);
            Tensor Whole(Tensor all, Tensor joined) => cat([all.narrow(1, 0, shift), joined], 1);
            var (m, c, a) = Join(Early(largest), Early(weight), Early(values), Late(largest), Late(weight), Late(values), begins is null ? null : Late(begins));
            if (begins is not null) begins = Whole(begins, Late(begins).logical_or(Early(begins)));
            (largest, weight, values) = (Whole(largest, m), Whole(weight, c), Whole(values, a));
        }
        return (largest, weight, values);
    }

    /// <summary>Two stretches as one; where an episode begins in the later one, the earlier counts for nothing.</summary>
    private static (Tensor Largest, Tensor Weight, Tensor Values) Join(Tensor m1, Tensor c1, Tensor a1, Tensor m2, Tensor c2, Tensor a2, Tensor? begins)
    {
        if (begins is not null) m1 = m1.masked_fill(begins, Nothing);
        var m = maximum(m1, m2);
        Tensor early = (m1 - m).exp(), late = (m2 - m).exp();
        return (m, (c1 * early) + (c2 * late), (a1 * early.unsqueeze(-1)) + (a2 * late.unsqueeze(-1)));
    }

    private Tensor Scores(Tensor x) => (Values(functional.linear(x, _key), _heads) * _query).sum(-1) / Math.Sqrt(_settings.HeadWidth);

    private Tensor Values(Tensor x) => Values(functional.linear(x, _value), _heads);

    private static Tensor Values(Tensor x, int heads) => x.view([.. x.shape[..^1], heads, -1]);
}

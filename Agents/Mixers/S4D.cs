using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// A diagonal state space that is the same at every moment (Gu et al., "On the Parameterization and Initialization of Diagonal State Space
/// Models", 2022): every channel has N / 2 complex numbers, h ← exp(Δ A) h + (exp(Δ A) − 1) / A · u, y = 2 Re C h + D u, then a GELU and a projection. All
/// moments at once by a convolution in the frequency domain. State: <c>[B, D, N / 2, 2]</c>, real and imaginary parts.
/// </summary>
public sealed class S4D : SequenceMixer
{
    private readonly int _size;
    private readonly Parameter _logStep, _logDecay, _frequency, _read, _skip, _out;

    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public S4D(MixerSettings settings, WeightDraws draws)
        : base("s4d", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        _size = (settings.StateSize + 1) / 2;
        _logStep = draws.Draw([Width], unit => MathF.Log(1e-3f) + (unit * (MathF.Log(0.1f) - MathF.Log(1e-3f))));
        _logDecay = draws.Constant(MathF.Log(0.5f), Width, _size);
        _frequency = draws.Of([.. Enumerable.Range(0, Width * _size).Select(i => MathF.PI * (i % _size))], Width, _size);
        _read = draws.Uniform(1, Width, _size, 2);
        _skip = draws.Constant(1, Width);
        _out = draws.Uniform(1 / MathF.Sqrt(Width * (float)settings.Layers), Width, Width);
        register_parameter(nameof(_logStep), _logStep);
        register_parameter(nameof(_logDecay), _logDecay);
        register_parameter(nameof(_frequency), _frequency);
        register_parameter(nameof(_read), _read);
        register_parameter(nameof(_skip), _skip);
        register_parameter(nameof(_out), _out);
    }

    public override MixerState InitialState(long batch, Device device) => new(("state", zeros([batch, Width, _size, 2], _out.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        long length = x.shape[1];
        state ??= InitialState(x.shape[0], x.device);
        var (exponent, input, read) = Coefficients();
        Tensor before = state[0].view_as_complex(), y, after;
        if (reset is null)
        {
            y = Convolve(x.transpose(1, 2), before, exponent, input, read, out after).transpose(1, 2);
        }
        else
        {
            var goesOn = reset.logical_not().to(exponent.dtype).unsqueeze(-1).unsqueeze(-1);
            var states = LinearScan.Run(goesOn * exponent.exp(), x.unsqueeze(-1) * input, before);
            (y, after) = (2 * (states * read).sum(-1).real, states.select(1, length - 1));
        }
        return Finish(y, x, after);
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var before = state[0];
        if (reset is not null) before = before * GoesOn(reset, before);
        var (exponent, input, read) = Coefficients();
        var after = (exponent.exp() * before.view_as_complex()) + (x.unsqueeze(-1) * input);
        return Finish(2 * (after * read).sum(-1).real, x, after);
    }

    /// <summary>All moments of a window, without the skip.</summary>
    /// <param name="u"><c>[B, D, T]</c>.</param>
    /// <param name="state">Before <c>[B, D, N]</c>, complex.</param>
    /// <param name="exponent">Δ A <c>[D, N]</c>, complex.</param>
    /// <param name="input">(exp(Δ A) − 1) / A <c>[D, N]</c>.</param>
    /// <param name="read">C <c>[D, N]</c>.</param>
    /// <param name="after">The state after.</param>
    public static Tensor Convolve(Tensor u, Tensor state, Tensor exponent, Tensor input, Tensor read, out Tensor after)
    {
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(exponent);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(read);
        long length = u.shape[2];
        // Powers 0 to T of the decays.
        var powers = (exponent.unsqueeze(-1) * arange(length + 1, u.dtype, u.device)).exp();
        var kernel = 2 * (powers.narrow(-1, 0, length) * (read * input).unsqueeze(-1)).sum(-2).real;
        var convolved = fft.irfft(fft.rfft(u, 2 * length) * fft.rfft(kernel, 2 * length), 2 * length).narrow(-1, 0, length);
        var left = 2 * ((state * read).unsqueeze(-1) * powers.narrow(-1, 1, length)).sum(-2).real;
        var gathered = (u.unsqueeze(-2) * powers.narrow(-1, 0, length).flip(-1)).sum(-1);
        after = (powers.select(-1, length) * state) + (gathered * input);
        return convolved + left;
    }

    private (Tensor Exponent, Tensor Input, Tensor Read) Coefficients()
    {
        var rates = complex(-_logDecay.exp(), _frequency);
        var exponent = rates * _logStep.exp().unsqueeze(-1);
        return (exponent, (exponent.exp() - 1) / rates, _read.view_as_complex());
    }

    private (Tensor, MixerState) Finish(Tensor y, Tensor x, Tensor after)
    {
        var output = functional.linear(functional.gelu(y + (x * _skip)), _out);
        return (output.MoveToOuterDisposeScope(), new MixerState(("state", after.view_as_real())).MoveToOuterScope());
    }
}

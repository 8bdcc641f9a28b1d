using Sim.Agents.Mixers;
using Sim.Agents.Training;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>Plays a world model by an actor, from where windows of what happened end. Nothing here has a graph.</summary>
internal sealed class Imagination
{
    private readonly WorldModel _model;
    private readonly DramaSettings _settings;
    private readonly ulong _seed;
    private readonly Device _device;

    public Imagination(WorldModel model, DramaSettings settings, ulong seed, Device device)
        => (_model, _settings, _seed, _device) = (model, settings, seed, device);

    /// <summary>Where episodes go on from.</summary>
    /// <param name="Latents">z of the newest observation <c>[rows, latents]</c>.</param>
    /// <param name="Memories">d of the step before <c>[rows, D]</c>.</param>
    /// <param name="State">Of the mixers after that step.</param>
    /// <param name="First">Whether the newest observation begins an episode <c>[rows]</c>.</param>
    public sealed record Start(Tensor Latents, Tensor Memories, MixerState State, Tensor First);

    /// <summary>
    /// The model after windows of <paramref name="context"/> steps and one observation more, or by <see cref="ActingLatents.Prior"/> what it expects to see in its place.
    /// </summary>
    public Start Begin(SequenceWindows windows, int context, ref ulong time)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        long rows = windows.Actions.shape[0], length = windows.Actions.shape[1];
        var latents = _model.Latents(windows, Uniform(ref time, rows, length, _settings.Categoricals));
        var (memories, state) = _model.Remember(latents.narrow(1, 0, context), windows.Actions.narrow(1, 0, context), null, windows.First.narrow(1, 0, context));
        var first = windows.First.select(1, context);
        var memory = memories.select(1, context - 1);
        if (_settings.ResetOnEpisodeStart) memory = memory * first.logical_not().to(memory.dtype).unsqueeze(-1);
        var newest = _settings.ActOn == ActingLatents.Posterior
            ? latents.select(1, context)
            : Categoricals.Sample(_model.Prior(memory), Uniform(ref time, rows, _settings.Categoricals)).flatten(1);
        return new(Out(newest.contiguous()), Out(memory.contiguous()), state.MoveToOuterScope(), Out(first.contiguous()));
    }

    /// <summary>Goes on for the horizon.</summary>
    public ImaginedEpisodes Play(Start start, ActorCritic agent, int horizon, ref ulong time)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        long rows = start.Latents.shape[0];
        var uniform = Uniform(ref time, horizon, rows, _settings.Categoricals);
        var noise = Noise(agent.Form, ref time, horizon, rows);
        Tensor[] states = new Tensor[horizon + 1], memories = new Tensor[horizon + 1], actions = new Tensor[horizon];
        Tensor latents = start.Latents;
        var (memory, state) = (start.Memories, start.State);
        for (int step = 0; step < horizon; step++)
        {
            (states[step], memories[step]) = (cat([latents, memory], -1), memory);
            actions[step] = agent.Form.Draw(agent.Act(states[step]), noise[step]);
            (memory, state) = _model.RememberStep(latents, agent.Form.Taken(actions[step]), state, step == 0 ? start.First : null);
            latents = Categoricals.Sample(_model.Prior(memory), uniform[step]).flatten(1);
        }
        (states[horizon], memories[horizon]) = (cat([latents, memory], -1), memory);
        // What came of a step is known after it; the published code reads it before.
        var read = stack(memories, 1).narrow(1, _settings.ReferenceQuirks ? 0 : 1, horizon);
        return new(Out(stack(states, 1)), Out(stack(actions, 1)), Out(TwoHot.Decode(_model.RewardLogits(read))),
            Out(_model.EndLogits(read).gt(0).to(ScalarType.Float32)));
    }

    /// <summary>Goes on under given actions <c>[rows, H, actions]</c>: expected latents' samples <c>[rows, H, latents]</c>, and rewards <c>[rows, H]</c>.</summary>
    public (Tensor Latents, Tensor Rewards) Follow(Start start, Tensor actions, ref ulong time)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        long rows = actions.shape[0], horizon = actions.shape[1];
        var uniform = Uniform(ref time, horizon, rows, _settings.Categoricals);
        Tensor[] seen = new Tensor[horizon], memories = new Tensor[horizon];
        Tensor latents = start.Latents;
        var state = start.State;
        for (int step = 0; step < horizon; step++)
        {
            (memories[step], state) = _model.RememberStep(latents, actions.select(1, step), state, step == 0 ? start.First : null);
            seen[step] = latents = Categoricals.Sample(_model.Prior(memories[step]), uniform[step]).flatten(1);
        }
        return (Out(stack(seen, 1)), Out(TwoHot.Decode(_model.RewardLogits(stack(memories, 1)))));
    }

    /// <summary>Numbers in [0, 1) on the device.</summary>
    public Tensor Uniform(ref ulong time, params long[] shape)
    {
        float[] numbers = new float[shape.Aggregate(1L, (a, b) => a * b)];
        CounterRandom.FillUniform(numbers, _seed, RandomStream.Policy, time++);
        return OnDevice(numbers, shape);
    }

    /// <summary>What draws of actions take, on the device.</summary>
    public Tensor Noise(ActionForm form, ref ulong time, params long[] rows)
    {
        long[] shape = [.. rows, form.Noise];
        float[] numbers = new float[shape.Aggregate(1L, (a, b) => a * b)];
        form.Fill(numbers, _seed, RandomStream.Policy, time++);
        return OnDevice(numbers, shape);
    }

    private Tensor OnDevice(float[] numbers, long[] shape)
    {
        using var scope = NewDisposeScope();
        return tensor(numbers, shape).to(_device).MoveToOuterDisposeScope();
    }

    private static Tensor Out(Tensor value) => value.MoveToOuterDisposeScope();
}

using Sim.Agents.Mixers;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// What an actor in a batch of environments remembers: the sequence model's state, and its output d of the last step, a row an environment.
/// </summary>
internal sealed class ActingMemory : IDisposable
{
    private readonly WorldModel _model;
    private readonly DramaSettings _settings;
    private MixerState _state;
    private Tensor _memories;
    private Tensor? _latents, _first;

    public ActingMemory(WorldModel model, DramaSettings settings, int environments, Device device)
    {
        (_model, _settings) = (model, settings);
        _state = Keep(model.InitialState(environments, device));
        _memories = zeros([environments, settings.Width], ScalarType.Float32, device).DetachFromDisposeScope();
    }

    /// <summary>The states <c>[N, latents + D]</c> that the environments are in, for the actor.</summary>
    /// <param name="observations">What they show.</param>
    /// <param name="first">Whether they begin an episode <c>[N]</c>.</param>
    /// <param name="uniform">For the latents <c>[N, categoricals]</c>.</param>
    /// <param name="expected">The same for those that the model expects, where the actor acts on them.</param>
    public Tensor See(Tensor observations, Tensor first, Tensor uniform, Tensor? expected)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var memories = _settings.ResetOnEpisodeStart ? _memories * first.logical_not().to(_memories.dtype).unsqueeze(-1) : _memories.alias();
        var latents = Categoricals.Sample(_model.Posterior(observations), uniform).flatten(1);
        Replace(ref _latents, latents);
        Replace(ref _first, first.clone());
        var shown = expected is null ? latents : Categoricals.Sample(_model.Prior(memories), expected).flatten(1);
        return cat([shown, memories], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Remembers the step that was seen last, with the actions <c>[N, actions]</c> taken in it.</summary>
    public void Remember(Tensor actions)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var (memories, state) = _model.RememberStep(_latents!, actions, _state, _first);
        Become(memories, state);
    }

    /// <summary>Forgets all, and remembers windows <c>[N, T]</c> of the last steps by the model as it is now.</summary>
    /// <param name="windows">Steps up to the last.</param>
    /// <param name="uniform">For their latents <c>[N, T, categoricals]</c>.</param>
    public void Refresh(SequenceWindows windows, Tensor uniform)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var (memories, state) = _model.Remember(_model.Latents(windows, uniform), windows.Actions, null, windows.First);
        Become(memories.select(1, windows.Actions.shape[1] - 1), state);
    }

    /// <summary>All numbers, the memories last.</summary>
    public float[][] ToArrays()
    {
        using var scope = NewDisposeScope();
        return [.. _state.ToArrays(), _memories.cpu().contiguous().data<float>().ToArray()];
    }

    /// <exception cref="ArgumentException">The arrays are of other lengths.</exception>
    public void Set(IReadOnlyList<float[]> arrays)
    {
        using var scope = NewDisposeScope();
        if (arrays[^1].Length != _memories.numel()) throw new ArgumentException($"the memory of {_memories.shape[0]} environments has {_memories.numel()} numbers, not {arrays[^1].Length}");
        Become(tensor(arrays[^1], _memories.shape).to(_memories.device), _state.WithNumbers([.. arrays.SkipLast(1)]));
    }

    public void Dispose()
    {
        _state.Dispose();
        _memories.Dispose();
        _latents?.Dispose();
        _first?.Dispose();
    }

    private void Become(Tensor memories, MixerState state)
    {
        _state.Dispose();
        _memories.Dispose();
        _state = Keep(state.Clone());
        _memories = memories.contiguous().clone().DetachFromDisposeScope();
    }

    private static MixerState Keep(MixerState state)
    {
        for (int i = 0; i < state.Count; i++) state[i].DetachFromDisposeScope();
        return state;
    }

    private static void Replace(ref Tensor? kept, Tensor by)
    {
        kept?.Dispose();
        kept = by.clone().DetachFromDisposeScope();
    }
}

using Sim.Agents.Mixers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.MixerTasks;

/// <summary>A vector for each token, a backbone, and a linear reading for each question.</summary>
public sealed class TaskNetwork : Module
{
    private readonly Parameter _embedding, _reading, _bias;
    private readonly int _questions;

    /// <exception cref="Environments.Configuration.SettingsException">There is no mixer of that name.</exception>
    /// <exception cref="Torch.TorchUnavailableException">libtorch cannot be loaded.</exception>
    public TaskNetwork(SequenceTask task, string mixer, MixerSettings sizes, ulong seed)
        : base("task-network")
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(sizes);
        // The backbone draws from a seed of its own, or equal places of the stream would make its weights those of the ends.
        Backbone = new SequenceBackbone(mixer, sizes, 2 * seed);
        var draws = new WeightDraws((2 * seed) + 1, sizes.Type);
        _questions = task.Questions.Count;
        _embedding = draws.Uniform(1, task.Tokens, sizes.Width);
        _reading = draws.Uniform(1 / MathF.Sqrt(sizes.Width), _questions * task.Classes, sizes.Width);
        _bias = draws.Constant(0, _questions * task.Classes);
        register_module(nameof(Backbone), Backbone);
        register_parameter(nameof(_embedding), _embedding);
        register_parameter(nameof(_reading), _reading);
        register_parameter(nameof(_bias), _bias);
    }

    public SequenceBackbone Backbone { get; }

    /// <summary>Logits of the answers.</summary>
    /// <param name="tokens"><c>[B, T]</c>, int64.</param>
    /// <param name="bySteps">Whether the backbone takes one moment after the other, or all at once: the results are the same.</param>
    /// <returns><c>[B, T, Q, classes]</c>, in the caller's dispose scope.</returns>
    public Tensor Logits(Tensor tokens, bool bySteps)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var scope = NewDisposeScope();
        var x = _embedding.index_select(0, tokens.flatten()).view(tokens.shape[0], tokens.shape[1], -1);
        var mixed = bySteps ? BySteps(x) : Backbone.Forward(x).Output;
        var logits = functional.linear(mixed, _reading, _bias);
        return logits.view(tokens.shape[0], tokens.shape[1], _questions, -1).MoveToOuterDisposeScope();
    }

    private Tensor BySteps(Tensor x)
    {
        var outputs = new Tensor[x.shape[1]];
        var state = Backbone.InitialState(x.shape[0], x.device);
        for (int t = 0; t < outputs.Length; t++)
        {
            using var before = state;
            (outputs[t], state) = Backbone.Step(x.select(1, t), before);
        }
        return stack(outputs, 1);
    }
}

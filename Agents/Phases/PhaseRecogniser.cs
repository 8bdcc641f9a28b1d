using Sim.Agents.Training;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.Phases;

/// <summary>
/// Learns to tell from what is observed in which phase a task is, which one follows, and how long it takes: an example
/// of a sequence model on recordings. Judged on episodes that it has never seen.
/// </summary>
public sealed class PhaseRecogniser : IDisposable
{
    private readonly PhaseSettings _settings;
    private readonly PhaseSplit _split;
    private readonly PhaseScale _scale;
    private readonly PhaseNetwork _network;
    private readonly TorchSharp.Modules.Adam _optimiser;

    /// <exception cref="Torch.TorchUnavailableException">libtorch cannot be loaded.</exception>
    public PhaseRecogniser(PhaseData data, PhaseSettings settings)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        (Data, _settings) = (data, settings);
        _split = PhaseSplit.Of(data.Sequences.Count, settings);
        _scale = new PhaseScale(data.Inputs, Of(_split.Training));
        _network = new PhaseNetwork(data.Inputs, settings.Hidden, data.Names.Count, settings.Seed);
        _optimiser = optim.Adam(_network.Parameters, settings.LearningRate);
    }

    public PhaseData Data { get; }

    /// <summary>Passes so far.</summary>
    public int Epoch { get; private set; }

    /// <summary>One pass over the episodes that are learnt from, in an order of its own; returns the mean loss.</summary>
    /// <exception cref="NonFiniteException">The loss is not finite.</exception>
    public double Train()
    {
        int[] order = [.. _split.Training];
        CounterRandom.Shuffle(order, new float[order.Length], _settings.Seed, RandomStream.Sampling, (ulong)++Epoch);
        var batches = order.Chunk(_settings.Batch).ToArray();
        double sum = 0;
        for (int i = 0; i < batches.Length; i++)
        {
            double done = (Epoch - 1 + (i / (double)batches.Length)) / _settings.Epochs;
            sum += Update(batches[i], _settings.LearningRate * Math.Max(0, 1 - done));
        }
        return sum / batches.Length;
    }

    /// <summary>How well it does on the episodes that were kept out.</summary>
    public PhaseReport Judge()
    {
        var training = Of(_split.Training);
        var validation = Of(_split.Validation);
        return PhaseReport.Of(Data, training, [.. validation.Select(sequence => (sequence, Recognise(sequence)))]);
    }

    /// <summary>What it thinks at each moment of an episode.</summary>
    public PhaseGuess Recognise(PhaseSequence sequence)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var batch = PhaseBatch.Of([sequence], _scale);
        var (phase, next, remaining) = _network.Forward(batch.Inputs);
        return new(
            Array.ConvertAll(phase.argmax(-1).flatten().data<long>().ToArray(), number => (int)number),
            Array.ConvertAll(next.argmax(-1).flatten().data<long>().ToArray(), number => (int)number),
            Array.ConvertAll(remaining.flatten().data<float>().ToArray(), _scale.StepsOf));
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _network.Dispose();
    }

    private PhaseSequence[] Of(int[] episodes) => [.. episodes.Select(episode => Data.Sequences[episode])];

    private double Update(int[] episodes, double learningRate)
    {
        using var scope = NewDisposeScope();
        var batch = PhaseBatch.Of(Of(episodes), _scale);
        var loss = Loss(batch);
        double value = loss.item<float>();
        if (!double.IsFinite(value)) throw new NonFiniteException($"the loss of the phases is {value} in pass {Epoch}; a smaller learning_rate may help");
        _optimiser.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(_network.Parameters, _settings.GradientNorm);
        foreach (var group in _optimiser.ParamGroups) group.LearningRate = learningRate;
        _optimiser.step();
        return value;
    }

    /// <summary>Cross-entropy of both choices and the Huber loss of what remains, each a mean over the moments that have a label.</summary>
    private Tensor Loss(PhaseBatch batch)
    {
        var (phase, next, remaining) = _network.Forward(batch.Inputs);
        var moments = batch.Weights.sum();
        var distance = nn.functional.smooth_l1_loss(remaining, batch.Remaining, reduction: nn.Reduction.None) * batch.Weights;
        return CrossEntropy(phase, batch.Phases) + CrossEntropy(next, batch.Next) + (distance.sum() / moments);
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var sum = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: PhaseBatch.NoLabel, reduction: nn.Reduction.Sum);
        // A batch of episodes without any change has no label.
        return sum / labels.ne(PhaseBatch.NoLabel).sum().clamp_min(1);
    }
}

/// <summary>What a recogniser thinks at each moment of an episode.</summary>
/// <param name="Phases">The phase.</param>
/// <param name="Next">The next other phase, if one follows.</param>
/// <param name="Remaining">Steps to go.</param>
public sealed record PhaseGuess(int[] Phases, int[] Next, float[] Remaining);

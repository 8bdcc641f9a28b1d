using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Hindsight;

/// <summary>
/// Observation statistics of goal tasks. What networks read there are not the goals that were asked for but those that
/// hindsight puts in their place, so each episode is taken in when it is over, every step once, with goals drawn as for
/// learning.
/// </summary>
internal sealed unsafe class EpisodeStatistics : IDisposable
{
    private const int Rows = 64;

    private readonly RunningMoments _statistics;
    private readonly ulong _seed;
    private readonly MatrixBuffer _inputs;
    private readonly int[] _chosen = new int[Rows];
    private ulong _drawn;

    /// <param name="statistics">Of actor inputs.</param>
    /// <param name="seed">Of the learner.</param>
    public EpisodeStatistics(RunningMoments statistics, ulong seed)
    {
        (_statistics, _seed) = (statistics, seed);
        _inputs = new MatrixBuffer(Rows, statistics.Columns);
    }

    /// <summary>Takes in the episode that ended with a row.</summary>
    public void Add(ReplayBuffer replay, HindsightReplay hindsight, int last)
    {
        for (int back = hindsight.Spans.Before(last); back >= 0; back -= Rows)
        {
            int count = Math.Min(Rows, back + 1);
            for (int i = 0; i < count; i++)
            {
                _chosen[i] = hindsight.Spans.Row(last, i - back);
                replay[_chosen[i]].Inputs[.._statistics.Columns].CopyTo(_inputs.Matrix.Row(i));
            }
            // The upper half of the times belongs to these draws: those of updates count from 0.
            hindsight.RelabelInputs(_chosen.AsSpan(0, count), _inputs.Matrix, _seed, ulong.MaxValue - _drawn++);
            _statistics.Update(_inputs.First(count));
        }
    }

    public void Save(Checkpoint checkpoint) => checkpoint.Put<ulong>("episode-statistics/drawn", [_drawn]);

    public void Load(Checkpoint checkpoint) => _drawn = checkpoint.Get<ulong>("episode-statistics/drawn")[0];

    public void Dispose() => _inputs.Dispose();
}

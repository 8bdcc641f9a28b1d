using Sim.Environments.Spaces;

namespace Sim.Environments.Checking;

/// <summary>A long random rollout in which every output is held against the spec and against plain sums.</summary>
internal sealed class RolloutCheck
{
    private const int Lanes = 5;
    private const ulong Seed = 17;

    // A float32 sum of n numbers is off by at most n·2⁻²⁴ times the sum of their sizes; twice that leaves room for
    // sums in another order.
    private const double Rounding = 1.2e-7;

    private readonly CheckRun _run;
    private readonly BatchEnvironment _environments;
    private readonly EnvironmentSpec _spec;
    private readonly int[] _lengths = new int[Lanes];
    private readonly double[] _returns = new double[Lanes], _sizes = new double[Lanes];
    private readonly double[][] _terms;
    private int _ended, _endedUnchanged;

    private RolloutCheck(CheckRun run, BatchEnvironment environments)
    {
        (_run, _environments, _spec) = (run, environments, environments.Spec);
        _terms = [.. Enumerable.Range(0, Lanes).Select(_ => new double[_spec.RewardTerms.Count])];
    }

    public static void Outputs(CheckRun run)
    {
        using var environments = run.Make(Lanes, Seed);
        new RolloutCheck(run, environments).Play();
    }

    private void Play()
    {
        _environments.Reset();
        for (int lane = 0; lane < Lanes; lane++)
        {
            CheckObservation(lane, "after reset");
            if (_environments.Rewards[lane] != 0 || Ended(lane)) _run.Report("a reset leaves a reward or a flag behind");
        }
        for (int step = 1; step <= _run.Steps; step++)
        {
            CheckRun.StepTogether(Seed, step, _environments);
            for (int lane = 0; lane < Lanes; lane++)
            {
                CheckReward(lane, step);
                CheckFlags(lane, step);
                CheckObservation(lane, $"at step {step}");
                if (Ended(lane)) CheckEnd(lane, step);
            }
        }
        if (_ended == 0 && _spec.TimeLimit is > 0 && _spec.TimeLimit <= _run.Steps)
            _run.Report("no episode ended within the time limit");
        if (_ended > 0 && _ended == _endedUnchanged)
            _run.Report("the final observation is always the new episode's first", "the observation after the end must be kept apart from the one after the reset");
    }

    private bool Ended(int lane) => _environments.Terminated[lane] || _environments.Truncated[lane];

    private void CheckObservation(int lane, string when)
    {
        foreach (var group in _environments.Shown) CheckRow(group.Name, group.Space, group.Current, lane, when);
    }

    private void CheckRow(string name, Box space, BatchBuffer buffer, int lane, string when)
    {
        for (int i = 0; i < space.Size; i++)
        {
            float value = buffer.Type == ElementType.Float32 ? buffer.Row(lane)[i] : buffer.RowBytes(lane)[i];
            string label = i < space.Labels.Count ? space.Labels[i] : $"number {i}";
            if (!float.IsFinite(value))
                _run.Report($"{name} is not finite", $"{label} is {value} {when}");
            else if (value < space.Low[i] || value > space.High[i])
                _run.Report($"{name} leaves its space", $"{label} is {value} {when}, limits are {space.Low[i]} and {space.High[i]}");
            else if (value != MathF.Floor(value) && space == _environments.Info?.Space && _spec.InfoNames.ContainsKey(label))
                _run.Report($"{name} is between two names", $"{label} is {value} {when}");
        }
    }

    private void CheckReward(int lane, int step)
    {
        float reward = _environments.Rewards[lane];
        if (!float.IsFinite(reward)) _run.Report("the reward is not finite", $"{reward} at step {step}");
        else if (reward < _spec.RewardRange.Low || reward > _spec.RewardRange.High)
            _run.Report("the reward leaves its range", $"{reward} at step {step}, range is {_spec.RewardRange}");
        double sum = 0, size = 0;
        for (int term = 0; term < _spec.RewardTerms.Count; term++)
        {
            double value = _environments.RewardTerms(term)[lane];
            sum += value;
            size += Math.Abs(value);
            _terms[lane][term] += value;
        }
        if (Math.Abs(sum - reward) > Rounding * _spec.RewardTerms.Count * size)
            _run.Report("the reward is not the sum of its terms", $"{reward} against {sum} at step {step}");
        _returns[lane] += reward;
        _sizes[lane] += size;
        _lengths[lane]++;
    }

    private void CheckFlags(int lane, int step)
    {
        bool late = _spec.TimeLimit > 0 && _lengths[lane] >= _spec.TimeLimit;
        if (_environments.Truncated[lane] != late)
            _run.Report(late ? "the time limit does not truncate" : "an episode is truncated before its time limit", $"after {_lengths[lane]} of {_spec.TimeLimit} steps, at step {step}");
        if (_environments.Faulted[lane]) _run.Report("a valid action faults", $"lane {lane} at step {step}");
        if (_environments.IsSuccess[lane] && !_spec.HasSuccess) _run.Report("is_success is set though the spec has no success", $"at step {step}");
    }

    private void CheckEnd(int lane, int step)
    {
        _ended++;
        foreach (var group in _environments.Shown) CheckRow($"final {group.Name}", group.Space, group.Final, lane, $"at step {step}");
        if (_environments.Observations.RowBytes(lane).SequenceEqual(_environments.FinalObservations.RowBytes(lane))) _endedUnchanged++;
        if (_environments.EpisodeLengths[lane] != _lengths[lane])
            _run.Report("the episode length is wrong", $"{_environments.EpisodeLengths[lane]} after {_lengths[lane]} steps");
        double tolerance = Rounding * (_lengths[lane] + _spec.RewardTerms.Count) * _sizes[lane];
        if (!(Math.Abs(_environments.EpisodeReturns[lane] - _returns[lane]) <= tolerance))
            _run.Report("the episode return is not the sum of its rewards", $"{_environments.EpisodeReturns[lane]} against {_returns[lane]} after {_lengths[lane]} steps");
        for (int term = 0; term < _spec.RewardTerms.Count; term++)
        {
            if (!(Math.Abs(_environments.EpisodeTerms(term)[lane] - _terms[lane][term]) <= tolerance))
                _run.Report("the episode's sum of a reward term is wrong", $"{_spec.RewardTerms[term]}: {_environments.EpisodeTerms(term)[lane]} against {_terms[lane][term]}");
        }
        (_lengths[lane], _returns[lane], _sizes[lane]) = (0, 0, 0);
        Array.Clear(_terms[lane]);
    }
}

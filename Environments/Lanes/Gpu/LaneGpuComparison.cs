using Sim.Environments.Spaces;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>How a task on a GPU compared with the scalar batch on the CPU, under the same seeds and random actions.</summary>
public sealed record LaneGpuComparison
{
    /// <summary>Control steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>Environments whose ends (terminated, truncated) were the same in every step.</summary>
    public required int SameEnds { get; init; }

    /// <summary>Environments whose every number was the same, bit for bit, in every step.</summary>
    public required int Identical { get; init; }

    /// <summary>Episodes that ended on the CPU.</summary>
    public required int Episodes { get; init; }

    /// <summary>Greatest |difference| / max(1, |value|) of an observation or reward, while ends were the same.</summary>
    public required float GreatestDifference { get; init; }

    /// <summary>
    /// Whether the two agree. The PTX rounds operation by operation as the CPU does, so every number should be equal;
    /// 0.001 and one environment in a hundred leave room for a driver that rounds a division or a root otherwise,
    /// whose difference the unstable motion of the tasks raises by orders of magnitude within an episode.
    /// </summary>
    /// <param name="count">Environments compared.</param>
    public bool Agrees(int count) => GreatestDifference <= 1e-3f && SameEnds >= count - (count / 100);

    /// <summary>Steps both and compares after the reset and after every step.</summary>
    /// <param name="gpu">The batch on the GPU, at its default settings or those of <paramref name="cpu"/>.</param>
    /// <param name="cpu">The same number of environments, SameStep, with the privileged group.</param>
    /// <param name="steps">Control steps.</param>
    /// <param name="seed">Seed of environment 0.</param>
    public static LaneGpuComparison Run(LaneGpuBatch gpu, BatchEnvironment cpu, int steps, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        ArgumentNullException.ThrowIfNull(cpu);
        if (gpu.Count != cpu.Count) throw new ArgumentException($"{gpu.Count} environments on the GPU, {cpu.Count} on the CPU");
        var comparison = new Running(gpu, cpu);
        gpu.Reset(seed);
        cpu.Reset(seed);
        comparison.CompareObservations();
        for (int step = 0; step < steps; step++)
        {
            RandomActions.Fill(cpu, seed, step);
            if (cpu.Spec.Action is Discrete) gpu.WriteActions(cpu.DiscreteActions);
            else gpu.WriteActions(cpu.Actions);
            gpu.Step();
            cpu.Step();
            comparison.CompareStep();
        }
        return comparison.Result(steps);
    }

    private sealed class Running(LaneGpuBatch gpu, BatchEnvironment cpu)
    {
        private readonly float[] _observations = new float[gpu.Count * gpu.ObservationFields], _rewards = new float[gpu.Count];
        private readonly bool[] _terminated = new bool[gpu.Count], _truncated = new bool[gpu.Count];
        private readonly bool[] _parted = new bool[gpu.Count], _differs = new bool[gpu.Count];
        private readonly int[] _fields = FieldsOf(cpu, gpu.ObservationFields);
        private float _greatest;
        private int _episodes;

        public void CompareStep()
        {
            gpu.ReadRewards(_rewards);
            gpu.ReadFlags(_terminated, _truncated);
            for (int i = 0; i < gpu.Count; i++)
            {
                if (cpu.Terminated[i] || cpu.Truncated[i]) _episodes++;
                _parted[i] |= _terminated[i] != cpu.Terminated[i] || _truncated[i] != cpu.Truncated[i];
                Compare(i, _rewards[i], cpu.Rewards[i]);
            }
            CompareObservations();
        }

        public void CompareObservations()
        {
            gpu.ReadObservations(_observations);
            for (int i = 0; i < gpu.Count; i++)
            {
                int column = i * gpu.ObservationFields;
                for (int group = 0; group < cpu.Shown.Count; group++)
                {
                    var row = cpu.Shown[group].Current.Row(i);
                    for (int field = 0; field < _fields[group]; field++) Compare(i, _observations[column++], row[field]);
                }
            }
        }

        public LaneGpuComparison Result(int steps) => new()
        {
            Steps = steps,
            SameEnds = _parted.Count(parted => !parted),
            Identical = _differs.Count(differs => !differs),
            Episodes = _episodes,
            GreatestDifference = _greatest,
        };

        private void Compare(int environment, float gpuValue, float cpuValue)
        {
            if (BitConverter.SingleToInt32Bits(gpuValue) == BitConverter.SingleToInt32Bits(cpuValue)) return;
            _differs[environment] = true;
            if (_parted[environment]) return;
            float difference = MathF.Abs(gpuValue - cpuValue) / MathF.Max(1, MathF.Abs(cpuValue));
            _greatest = float.IsNaN(difference) ? float.PositiveInfinity : MathF.Max(_greatest, difference);
        }

        /// <summary>Columns of each group on the CPU that the GPU writes too, in its order: all but the action history behind the first.</summary>
        private static int[] FieldsOf(BatchEnvironment cpu, int onGpu)
        {
            int[] fields = [.. cpu.Shown.Select(group => group.Space.Size)];
            fields[0] -= fields.Sum() - onGpu;
            return fields;
        }
    }
}

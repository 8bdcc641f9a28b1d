using System.Diagnostics;
using System.Globalization;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Bench.Agents;

/// <summary>
/// What each mixer costs, all projections included: forward and backward over a window at once against step by step, and single steps as an agent
/// takes them. One process, one thread, CPU time, both forms in turn; the best of several rounds.
/// </summary>
internal static class MixerForms
{
    private const int Batch = 8, Length = 128, Width = 64, Rounds = 7;

    public static void Run()
    {
        TorchRuntime.EnsureLoaded();
        Console.WriteLine($"batch {Batch}, {Length} moments, width {Width}, one unit, one thread; milliseconds of CPU time");
        Console.WriteLine($"{"mixer",-14}{"parameters",11}{"state",8}{"at once",10}{"by steps",10}{"ratio",8}{"step, µs",10}");
        foreach (var kind in SequenceMixers.All)
        {
            using var scope = NewDisposeScope();
            var settings = new MixerSettings { Width = Width, HeadWidth = 32 };
            using var mixer = kind.Create(settings, new WeightDraws(1, settings.Type));
            var x = randn([Batch, Length, Width]);
            double together = double.MaxValue, apart = double.MaxValue, step = double.MaxValue;
            for (int round = 0; round < Rounds; round++)
            {
                together = Math.Min(together, Milliseconds(() => Backward(mixer, mixer.Forward(x).Output)));
                apart = Math.Min(apart, Milliseconds(() => Backward(mixer, BySteps(mixer, x))));
                step = Math.Min(step, Milliseconds(() => ActAlong(mixer, x)) / Length);
            }
            using var state = mixer.InitialState(1, CPU);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind.Name,-14}{mixer.parameters().Sum(parameter => parameter.numel()),11}{state.NumbersPerSequence,8}{together,10:F1}{apart,10:F1}{apart / together,8:F1}{1000 * step,10:F0}"));
        }
    }

    private static void Backward(SequenceMixer mixer, Tensor output)
    {
        output.pow(2).mean().backward();
        foreach (var parameter in mixer.parameters()) parameter.grad!.zero_();
    }

    private static Tensor BySteps(SequenceMixer mixer, Tensor x)
    {
        var state = mixer.InitialState(Batch, CPU);
        var outputs = new Tensor[Length];
        for (int t = 0; t < Length; t++) (outputs[t], state) = mixer.Step(x.select(1, t), state);
        return stack(outputs, 1);
    }

    private static void ActAlong(SequenceMixer mixer, Tensor x)
    {
        using var withoutGraph = no_grad();
        BySteps(mixer, x);
    }

    private static double Milliseconds(Action work)
    {
        using var scope = NewDisposeScope();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        work();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds;
    }
}

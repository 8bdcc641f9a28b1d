using System.Diagnostics;
using System.Globalization;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Sim.Bench.Agents;

/// <summary>
/// What each mixer costs, all projections included: forward and backward over a window at once against step by step, and single steps as an agent
/// takes them. One process, both forms in turn, the best of several rounds; on the CPU one thread and its processor time, on a GPU the clock.
/// </summary>
internal static class MixerForms
{
    private const int Batch = 8, Length = 128, Width = 64, Rounds = 7;

    public static void Run(string name)
    {
        var device = TorchRuntime.OpenDevice(name);
        Console.WriteLine($"batch {Batch}, {Length} moments, width {Width}, one unit, {device}; milliseconds");
        Console.WriteLine($"{"mixer",-14}{"parameters",11}{"state",8}{"at once",10}{"by steps",10}{"ratio",8}{"step, µs",10}{"off the CPU",14}");
        foreach (var kind in SequenceMixers.All)
        {
            using var scope = NewDisposeScope();
            var settings = new MixerSettings { Width = Width, HeadWidth = 32 };
            using var mixer = kind.Create(settings, new WeightDraws(1, settings.Type));
            var drawn = randn([Batch, Length, Width], generator: new Generator(1));
            var expected = mixer.Forward(drawn).Output.detach();
            mixer.to(device);
            var x = drawn.to(device);
            double difference = (mixer.Forward(x).Output.detach().cpu() - expected).abs().max().item<float>();
            double together = double.MaxValue, apart = double.MaxValue, step = double.MaxValue;
            for (int round = 0; round < Rounds; round++)
            {
                together = Math.Min(together, Milliseconds(device, () => Backward(mixer, mixer.Forward(x).Output)));
                apart = Math.Min(apart, Milliseconds(device, () => Backward(mixer, BySteps(mixer, x))));
                step = Math.Min(step, Milliseconds(device, () => ActAlong(mixer, x)) / Length);
            }
            using var state = mixer.InitialState(1, CPU);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind.Name,-14}{mixer.parameters().Sum(parameter => parameter.numel()),11}{state.NumbersPerSequence,8}{together,10:F1}{apart,10:F1}{apart / together,8:F1}{1000 * step,10:F0}{difference,14:E1}"));
        }
    }

    private static void Backward(SequenceMixer mixer, Tensor output)
    {
        output.pow(2).mean().backward();
        foreach (var parameter in mixer.parameters()) parameter.grad!.zero_();
    }

    private static Tensor BySteps(SequenceMixer mixer, Tensor x)
    {
        var state = mixer.InitialState(Batch, x.device);
        var outputs = new Tensor[Length];
        for (int t = 0; t < Length; t++) (outputs[t], state) = mixer.Step(x.select(1, t), state);
        return stack(outputs, 1);
    }

    private static void ActAlong(SequenceMixer mixer, Tensor x)
    {
        using var withoutGraph = no_grad();
        BySteps(mixer, x);
    }

    private static double Milliseconds(Device device, Action work)
    {
        using var scope = NewDisposeScope();
        double before = Now(device);
        work();
        return Now(device) - before;
    }

    private static double Now(Device device)
    {
        if (device.type == DeviceType.CPU) return Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;
        cuda.synchronize();
        return 1000.0 * Stopwatch.GetTimestamp() / Stopwatch.Frequency;
    }
}

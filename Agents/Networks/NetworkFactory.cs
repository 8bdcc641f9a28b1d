using Sim.Agents.Networks.Fused;
using Sim.Agents.Networks.Torch;
using Sim.Physics.Threading;

namespace Sim.Agents.Networks;

/// <summary>What computes a network.</summary>
public enum NetworkBackend
{
    /// <summary>Chosen by device and width.</summary>
    Auto,

    /// <summary>Managed SIMD code on the CPU; needs no torch.</summary>
    Fused,

    /// <summary>libtorch, on the CPU or a CUDA device.</summary>
    Torch,
}

/// <summary>Makes a network on the backend that suits it.</summary>
public static class NetworkFactory
{
    /// <summary>Widest hidden layer for which the fused backend was measured to be the faster one.</summary>
    public const int WidestFused = 256;

    /// <summary>The backend that <see cref="NetworkBackend.Auto"/> stands for.</summary>
    public static NetworkBackend Choose(MlpShape shape, string device)
        => device == "cpu" && shape.WidestHidden <= WidestFused ? NetworkBackend.Fused : NetworkBackend.Torch;

    /// <summary>Makes a network.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="initial">Parameters in the canonical layout, for example of <see cref="MlpInitialiser"/>.</param>
    /// <param name="adam">The optimiser's settings.</param>
    /// <param name="maxRows">Most rows of one call.</param>
    /// <param name="backend">Which backend, or Auto.</param>
    /// <param name="device">cpu, cuda, or cuda and a number.</param>
    /// <param name="pool">Threads for large batches of the fused backend; null for none.</param>
    /// <exception cref="ArgumentException">A size out of range, or the fused backend on a device other than cpu.</exception>
    /// <exception cref="Agents.Torch.TorchUnavailableException">Torch is needed and cannot be loaded.</exception>
    public static INetwork Create(
        MlpShape shape, ReadOnlySpan<float> initial, AdamSettings adam, int maxRows,
        NetworkBackend backend = NetworkBackend.Auto, string device = "cpu", WorkerPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        if (shape.Front is not null) return new ConvolutionalNetwork(shape, initial, adam, maxRows, backend, device, pool);
        if ((backend == NetworkBackend.Auto ? Choose(shape, device) : backend) == NetworkBackend.Torch)
        {
            return new TorchMlp(shape, initial, adam, maxRows, device);
        }
        return device == "cpu"
            ? new FusedMlp(shape, initial, adam, maxRows, pool)
            : throw new ArgumentException($"The fused backend runs on the device cpu, not on {device}; use the torch backend.");
    }
}

using Sim.Agents.Training;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>All numbers of a module in a checkpoint, by their names in the module: parameters and buffers.</summary>
public static class ModuleState
{
    public static void Save(nn.Module module, Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var scope = NewDisposeScope();
        foreach (var (key, value) in Numbers(module))
        {
            var numbers = value.detach().cpu().contiguous();
            if (value.dtype == ScalarType.Float64) checkpoint.Put<double>($"{name}/{key}", numbers.data<double>().ToArray());
            else checkpoint.Put<float>($"{name}/{key}", numbers.data<float>().ToArray());
        }
    }

    /// <exception cref="InvalidDataException">The checkpoint holds other sizes, or lacks a name.</exception>
    public static void Load(nn.Module module, Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        foreach (var (key, value) in Numbers(module))
        {
            if (value.dtype == ScalarType.Float64) value.copy_(tensor(Read<double>(checkpoint, $"{name}/{key}", value), value.shape));
            else value.copy_(tensor(Read<float>(checkpoint, $"{name}/{key}", value), value.shape));
        }
    }

    private static T[] Read<T>(Checkpoint checkpoint, string name, Tensor value) where T : unmanaged
    {
        var numbers = new T[value.numel()];
        checkpoint.Get<T>(name, numbers);
        return numbers;
    }

    private static IEnumerable<(string Key, Tensor Value)> Numbers(nn.Module module)
        => module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(module.named_buffers().Select(entry => (entry.name, entry.buffer)));
}

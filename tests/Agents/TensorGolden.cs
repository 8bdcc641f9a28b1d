using System.Text.Json;
using static TorchSharp.torch;

namespace Sim.Tests.Agents;

/// <summary>Recorded tensors of float64, <c>{"shape": […], "data": […]}</c>, by path.</summary>
internal sealed class TensorGolden
{
    private readonly JsonElement _root;

    public TensorGolden(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Agents", "golden", $"mamba_{name}.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        _root = document.RootElement.Clone();
    }

    public int Integer(params string[] path) => At(path).GetInt32();

    public double Number(params string[] path) => At(path).GetDouble();

    public double[] Numbers(params string[] path) => [.. At([.. path, "data"]).EnumerateArray().Select(number => number.GetDouble())];

    public Tensor Tensor(params string[] path)
    {
        var element = At(path);
        long[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        double[] data = [.. element.GetProperty("data").EnumerateArray().Select(number => number.GetDouble())];
        return tensor(data, shape, ScalarType.Float64);
    }

    /// <summary>Gives a module's parameters what the file holds under other names.</summary>
    public void Load(nn.Module module, IReadOnlyDictionary<string, string> names)
    {
        using var withoutGraph = no_grad();
        foreach (var (name, parameter) in module.named_parameters()) parameter.copy_(Tensor("params", names[name]));
    }

    /// <summary>The largest difference of any number.</summary>
    public static double Difference(Tensor a, Tensor b) => (a - b).abs().max().to(ScalarType.Float64).item<double>();

    private JsonElement At(string[] path) => path.Aggregate(_root, (element, name) => element.GetProperty(name));
}

using Sim.Environments.Spaces;

namespace Sim.Protocols.Messages;

/// <summary>Numpy's names of element types.</summary>
public static class ElementTypes
{
    /// <summary><c>float32</c> or <c>uint8</c>.</summary>
    public static string Name(this ElementType type) => type == ElementType.Float32 ? "float32" : "uint8";

    /// <summary>Bytes of one number.</summary>
    public static int Size(this ElementType type) => type == ElementType.Float32 ? sizeof(float) : sizeof(byte);

    /// <summary>The type of a name; null for another.</summary>
    public static ElementType? Find(string? name) => name switch
    {
        "float32" => ElementType.Float32,
        "uint8" => ElementType.UInt8,
        _ => null,
    };
}

using System.Security.Cryptography;
using System.Text;

namespace Sim.Protocols.Server;

/// <summary>Tells a right token from a wrong one in a time that says nothing about how wrong it is.</summary>
internal static class Token
{
    /// <summary>True where no token is expected.</summary>
    public static bool Matches(string? expected, string? given)
    {
        if (expected is null) return true;
        Span<byte> a = stackalloc byte[SHA256.HashSizeInBytes], b = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(expected), a);
        SHA256.HashData(Encoding.UTF8.GetBytes(given ?? ""), b);
        return CryptographicOperations.FixedTimeEquals(a, b);
    }
}

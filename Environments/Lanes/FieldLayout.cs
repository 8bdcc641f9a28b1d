using System.Reflection;
using System.Text;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes;

/// <summary>Names of the lane fields of a struct, in memory order, read off its declaration.</summary>
internal static class FieldLayout
{
    /// <summary>snake_case path of each field of <paramref name="type"/>, a struct of <see cref="Lane1"/>.</summary>
    /// <exception cref="ArgumentException">A field is no lane and no struct of lanes.</exception>
    public static IReadOnlyList<string> Names(Type type)
    {
        var names = new List<string>();
        Collect(type, "", names);
        return names;
    }

    /// <summary>Groups of an observation struct: one called <c>observation</c> when its fields are lanes.</summary>
    public static IReadOnlyList<(string Name, int Offset, IReadOnlyList<string> Fields)> Groups(Type type)
    {
        var fields = Fields(type);
        if (fields.Any(field => field.FieldType == typeof(Lane1)))
            return [("observation", 0, Names(type))];
        var groups = new List<(string, int, IReadOnlyList<string>)>();
        int offset = 0;
        foreach (var field in fields)
        {
            var names = Names(field.FieldType);
            groups.Add((SnakeCase(field.Name), offset, names));
            offset += names.Count;
        }
        return groups;
    }

    private static void Collect(Type type, string prefix, List<string> names)
    {
        foreach (var field in Fields(type))
        {
            string name = prefix + SnakeCase(field.Name);
            if (field.FieldType == typeof(Lane1)) names.Add(name);
            else if (field.FieldType.IsValueType && !field.FieldType.IsPrimitive) Collect(field.FieldType, name + ".", names);
            else throw new ArgumentException($"{type.Name}.{field.Name} is a {field.FieldType.Name}; lane structs hold lanes and structs of lanes alone");
        }
    }

    private static FieldInfo[] Fields(Type type)
        => [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken)];

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}

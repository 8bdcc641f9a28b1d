using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>
/// Writes implementations of <see cref="ILaneFields{TStruct}"/>. Each becomes an assembly of its own, loaded from
/// memory, because the PTX compiler reads method bodies through metadata, which code emitted in place lacks.
/// </summary>
public static class LaneFields
{
    private static readonly ConcurrentDictionary<Type, Type> Written = new();

    /// <summary>The implementation for a struct of <see cref="LaneGpu"/> or of structs of it.</summary>
    /// <exception cref="ArgumentException">A field is no lane and no struct of lanes.</exception>
    public static Type Of(Type structType)
    {
        ArgumentNullException.ThrowIfNull(structType);
        return Written.GetOrAdd(structType, Write);
    }

    /// <summary>Number of lane fields.</summary>
    public static int Count(Type structType) => Paths(structType).Count;

    private static Type Write(Type structType)
    {
        string name = $"Fields of {structType.Name.Split('`')[0]}";
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var contract = typeof(ILaneFields<>).MakeGenericType(structType);
        var type = assembly.DefineDynamicModule(name).DefineType("Fields",
            TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout, typeof(ValueType), [contract]);
        var paths = Paths(structType);
        foreach (var declared in contract.GetMethods())
        {
            var parameters = declared.GetParameters();
            var method = type.DefineMethod(declared.Name, MethodAttributes.Public | MethodAttributes.Static, CallingConventions.Standard,
                declared.ReturnType, null, null,
                [.. parameters.Select(parameter => parameter.ParameterType)],
                [.. parameters.Select(parameter => parameter.GetRequiredCustomModifiers())], null);
            method.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
            WriteBody(method.GetILGenerator(), declared.Name, paths);
            type.DefineMethodOverride(method, declared);
        }
        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);
        return Assembly.Load(image.ToArray()).GetType("Fields", throwOnError: true)!;
    }

    private static void WriteBody(ILGenerator code, string method, List<FieldInfo[]> paths)
    {
        switch (method)
        {
            case nameof(ILaneFields<>.Load):
                WriteLoad(code, paths);
                break;
            case nameof(ILaneFields<>.Store):
                WriteStore(code, paths);
                break;
            case nameof(ILaneFields<>.Fill):
                foreach (var path in paths)
                {
                    PushAddress(code, OpCodes.Ldarg_1, path);
                    code.Emit(OpCodes.Ldarg_0);
                    code.Emit(OpCodes.Stfld, path[^1]);
                }
                break;
            case nameof(ILaneFields<>.Sum):
                PushConstant(code, 0);
                foreach (var path in paths)
                {
                    PushValue(code, path);
                    code.Emit(OpCodes.Call, Operator("op_Addition"));
                }
                break;
            default:
                WriteFinite(code, paths);
                break;
        }
        code.Emit(OpCodes.Ret);
    }

    private static void WriteLoad(ILGenerator code, List<FieldInfo[]> paths)
    {
        for (int field = 0; field < paths.Count; field++)
        {
            PushAddress(code, OpCodes.Ldarg_2, paths[field]);
            PushPlace(code, OpCodes.Ldarg_0, OpCodes.Ldarg_1, field);
            code.Emit(OpCodes.Call, typeof(LaneGpu).GetMethod(nameof(LaneGpu.Load))!);
            code.Emit(OpCodes.Stfld, paths[field][^1]);
        }
    }

    private static void WriteStore(ILGenerator code, List<FieldInfo[]> paths)
    {
        for (int field = 0; field < paths.Count; field++)
        {
            PushValue(code, paths[field]);
            PushPlace(code, OpCodes.Ldarg_1, OpCodes.Ldarg_2, field);
            code.Emit(OpCodes.Call, typeof(LaneGpu).GetMethod(nameof(LaneGpu.Store))!);
        }
    }

    private static void WriteFinite(ILGenerator code, List<FieldInfo[]> paths)
    {
        PushConstant(code, 0);
        PushConstant(code, 0);
        code.Emit(OpCodes.Call, typeof(LaneGpu).GetMethod(nameof(LaneGpu.Equal))!);
        foreach (var path in paths)
        {
            PushValue(code, path);
            code.Emit(OpCodes.Call, typeof(LaneGpu).GetMethod(nameof(LaneGpu.Abs))!);
            PushConstant(code, float.MaxValue);
            code.Emit(OpCodes.Call, Operator("op_LessThanOrEqual"));
            code.Emit(OpCodes.Call, Operator("op_BitwiseAnd"));
        }
    }

    private static void PushConstant(ILGenerator code, float value)
    {
        code.Emit(OpCodes.Ldc_R4, value);
        code.Emit(OpCodes.Call, typeof(LaneGpu).GetMethod(nameof(LaneGpu.Of))!);
    }

    /// <summary>Address of the struct that holds the last field of the path.</summary>
    private static void PushAddress(ILGenerator code, OpCode root, FieldInfo[] path)
    {
        code.Emit(root);
        foreach (var field in path[..^1]) code.Emit(OpCodes.Ldflda, field);
    }

    /// <summary>Value of a field of the first argument.</summary>
    private static void PushValue(ILGenerator code, FieldInfo[] path)
    {
        PushAddress(code, OpCodes.Ldarg_0, path);
        code.Emit(OpCodes.Ldfld, path[^1]);
    }

    /// <summary>first + field·stride, in floats.</summary>
    private static void PushPlace(ILGenerator code, OpCode first, OpCode stride, int field)
    {
        code.Emit(first);
        if (field == 0) return;
        code.Emit(stride);
        code.Emit(OpCodes.Ldc_I8, (long)field * sizeof(float));
        code.Emit(OpCodes.Mul);
        code.Emit(OpCodes.Conv_I);
        code.Emit(OpCodes.Add);
    }

    private static MethodInfo Operator(string name) => typeof(LaneGpu).GetMethod(name, [typeof(LaneGpu), typeof(LaneGpu)])!;

    /// <summary>The way to each lane field, in memory order.</summary>
    private static List<FieldInfo[]> Paths(Type type)
    {
        var paths = new List<FieldInfo[]>();
        Collect(type, []);
        return paths;

        void Collect(Type parent, FieldInfo[] path)
        {
            var fields = parent.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            foreach (var field in fields.OrderBy(field => field.MetadataToken))
            {
                if (field.FieldType == typeof(LaneGpu)) paths.Add([.. path, field]);
                else if (field.FieldType.IsValueType && !field.FieldType.IsPrimitive) Collect(field.FieldType, [.. path, field]);
                else throw new ArgumentException($"{parent.Name}.{field.Name} is a {field.FieldType.Name}; lane structs hold lanes and structs of lanes alone");
            }
        }
    }
}

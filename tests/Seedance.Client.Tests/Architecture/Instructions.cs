using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Seedance.Client.Tests.Architecture;

/// <summary>Reads what the instructions of a method body name: types, fields, methods.</summary>
internal static class Instructions
{
    private const ushort TwoByteCodes = 0xFE00;

    private static readonly Dictionary<ushort, OperandType> s_operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    public static List<EntityHandle> Operands(BlobReader il)
    {
        List<EntityHandle> handles = [];
        while (il.RemainingBytes > 0)
        {
            ushort code = il.ReadByte();
            if (code == TwoByteCodes >> 8)
            {
                code = (ushort)(TwoByteCodes | il.ReadByte());
            }

            switch (s_operands[code])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    handles.Add(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    // Two statements: in one, the offset would be read before the count moves it.
                    var targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case var operand:
                    il.Offset += SizeOf(operand);
                    break;
            }
        }

        return handles;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}

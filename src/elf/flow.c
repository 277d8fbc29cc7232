/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the registers of a function hold where it makes system calls.
 *
 * Each instruction becomes a step; what is in the registers before each step is what comes
 * from all steps that lead to it, until nothing changes any more.  Where it is not known
 * who leads to a step, its registers hold anything. */
#include <stdlib.h>

#include "flow.h"
#include "landings.h"
#include "steps.h"

/* What is known of the registers before a step. */
struct state {
  bool reached;
  uint16_t pointers;  /* the registers that may hold the address of syscall() */
  uint16_t constants; /* those that hold a constant, which is in VALUE, */
  uint16_t tables;    /* or the sum of one, the address of a table, and something else */
  int64_t value[REGISTERS];
};

struct flow {
  Elf *elf;
  const struct code *function;
  const struct targets *targets;
  const struct entries *entries;
  struct landings landings;
  bool knows_landings;
  struct step *steps;
  struct state *states;
  size_t count;
  bool lost; /* the address of syscall(), to another part of the function */

  /* Pointers in registers at jumps that lead anywhere in the function, and at calls, which
   * may end with an exception. */
  uint16_t away, thrown;
};

/* False if there is no memory, or if something is not an instruction. */
static bool make_steps(struct flow *flow)
{
  struct code rest = *flow->function;
  cs_insn *instruction = new_instruction();
  size_t room = 0;
  bool good = instruction != NULL;

  while (good && next_instruction(&rest, instruction)) {
    if (flow->count == room) {
      struct step *grown = reallocarray(flow->steps, room = 2 * room + 64, sizeof *grown);

      if (!grown) {
        good = false;
        break;
      }
      flow->steps = grown;
    }
    good = instruction->id != 0;
    if (good)
      make_step(instruction, flow->targets, &flow->steps[flow->count++]);
  }
  free_instruction(instruction);
  return good && flow->count > 0;
}

static bool is_inside(const struct flow *flow, uint64_t address)
{
  return address >= flow->function->address
      && address - flow->function->address < flow->function->size;
}

/* The step at ADDRESS; NULL if none begins there. */
static struct step *step_at(const struct flow *flow, uint64_t address)
{
  size_t low = 0, high = flow->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;

    if (flow->steps[middle].address == address)
      return &flow->steps[middle];
    if (flow->steps[middle].address < address)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* A switch may lead to a label whose address was taken in a way that is not known. */
static bool may_lead_anywhere(const struct flow *flow)
{
  bool jumps_away = false, takes_own_address = false;

  for (size_t i = 0; i < flow->count; i++) {
    jumps_away |= flow->steps[i].what == JUMP_REGISTER || flow->steps[i].what == JUMP_AWAY;
    takes_own_address |= flow->steps[i].what == SET && is_inside(flow, flow->steps[i].target);
  }
  return flow->entries->lost || (jumps_away && takes_own_address);
}

static bool leads_in(const struct flow *flow, const struct step *step)
{
  return (step->what == JUMP || step->what == JUMP_IF) && is_inside(flow, step->target);
}

/* Whether all jumps lead to instructions as they were decoded.  If not, there are other bytes
 * between them. */
static bool connect_steps(const struct flow *flow)
{
  for (size_t i = 0; i < flow->count; i++) {
    struct step *to = leads_in(flow, &flow->steps[i]) ? step_at(flow, flow->steps[i].target) : NULL;

    if (to)
      to->jumped_to = true;
    else if (leads_in(flow, &flow->steps[i]))
      return false;
  }
  return true;
}

/* Adds STATE to the states that are possible before a step.  True if it adds anything. */
static bool join(struct state *before, const struct state *state)
{
  struct state old = *before;

  if (!before->reached) {
    *before = *state;
    before->reached = true;
    return true;
  }
  before->pointers |= state->pointers;
  before->constants &= state->constants;
  before->tables &= state->tables;
  for (int i = 0; i < REGISTERS; i++)
    if (before->value[i] != state->value[i]) {
      before->constants &= (uint16_t) ~BIT(i);
      before->tables &= (uint16_t) ~BIT(i);
    }
  return before->pointers != old.pointers || before->constants != old.constants
      || before->tables != old.tables;
}

static void lose(struct state *state, uint16_t pointers, uint16_t constants)
{
  state->pointers &= (uint16_t) ~pointers;
  state->constants &= (uint16_t) ~constants;
  state->tables &= (uint16_t) ~constants;
}

static void copy(struct state *state, const struct step *step)
{
  const struct state old = *state;

  lose(state, BIT(step->to), BIT(step->to));
  if (old.pointers & BIT(step->from))
    state->pointers |= BIT(step->to);
  if (old.constants & BIT(step->from))
    state->constants |= BIT(step->to);
  if (old.tables & BIT(step->from))
    state->tables |= BIT(step->to);
  state->value[step->to] = old.value[step->from];
}

static void add(struct state *state, const struct step *step)
{
  uint16_t both = state->constants & (BIT(step->to) | BIT(step->from));

  lose(state, BIT(step->to), BIT(step->to));
  if (both & BIT(step->from))
    state->value[step->to] = state->value[step->from];
  if (both)
    state->tables |= BIT(step->to);
}

/* What is in the registers after STEP.  A function of the same file may leave unchanged a
 * register that it need not keep, and its caller may rely on that (-fipa-ra). */
static void take(struct flow *flow, const struct step *step, struct state *state)
{
  bool calls_syscall = step->what == CALL_TARGET
                    || (step->what == CALL_REGISTER && (state->pointers & BIT(step->from)));

  switch (step->what) {
    case SET:
      lose(state, BIT(step->to), BIT(step->to));
      state->constants |= BIT(step->to);
      state->value[step->to] = step->value;
      break;
    case ADD: add(state, step); break;
    case COPY: copy(state, step); break;
    case COPY_IF:
      lose(state, 0, BIT(step->to));
      if (state->pointers & BIT(step->from))
        state->pointers |= BIT(step->to);
      break;
    case TAKE:
      lose(state, 0, BIT(step->to));
      state->pointers |= BIT(step->to);
      break;
    case ENTER:
    case ENTER_OLD:
      lose(state, BIT(RAX) | BIT(RCX) | BIT(R11), BIT(RAX) | BIT(RCX) | BIT(R11));
      break;
    case CALL:
    case CALL_TARGET:
    case CALL_REGISTER:
      lose(state, calls_syscall ? OF_CALLER : BIT(RAX), flow->knows_landings ? OF_CALLER : 0xffff);
      flow->thrown |= state->pointers & KEPT;
      break;
    case JUMP_REGISTER:
      if (!(state->tables & BIT(step->from)))
        flow->away |= state->pointers;
      break;
    case JUMP_AWAY: flow->away |= state->pointers; break;
    default: lose(state, step->writes, step->writes | step->partly);
  }
}

static bool calls(const struct step *step)
{
  return step->what == CALL || step->what == CALL_TARGET || step->what == CALL_REGISTER;
}

/* If it is not known where exceptions lead: whether one may lead to step I, because it comes
 * after a call, which may not return, or because nothing else leads to it. */
static bool may_land(const struct flow *flow, size_t i)
{
  const struct step *before = &flow->steps[i - 1];

  return !flow->knows_landings && (before->goes_on ? calls(before) : !flow->steps[i].jumped_to);
}

static bool join_at(struct flow *flow, uint64_t address, const struct state *state)
{
  const struct step *step = is_inside(flow, address) ? step_at(flow, address) : NULL;

  return step && join(&flow->states[step - flow->steps], state);
}

/* Where an exception from STEP, a call, leads: registers that a function keeps are still as
 * they were. */
static bool join_landings(struct flow *flow, const struct step *step, const struct state *state)
{
  const struct state caught = { .reached = true, .pointers = state->pointers & KEPT };
  bool news = false;

  for (size_t i = 0; i < flow->landings.count; i++) {
    const struct landing *landing = &flow->landings.list[i];

    if (step->address < landing->begin || step->address >= landing->end)
      continue;
    news |= join_at(flow, landing->pad, &caught);
    flow->lost |= caught.pointers && !is_inside(flow, landing->pad);
  }
  return news;
}

/* The same by the table of a switch. */
static bool join_table(struct flow *flow, uint64_t table, const struct state *state)
{
  struct addresses to = { 0 };
  bool news = false, good = read_switch(flow->elf, flow->entries, table, &to);

  for (size_t i = 0; i < to.count; i++) {
    news |= join_at(flow, to.list[i], state);
    flow->lost |= state->pointers && !is_inside(flow, to.list[i]);
  }
  if (!good)
    flow->away |= state->pointers;
  free(to.list);
  return news;
}

/* One round through all steps; true if it added anything. */
static bool go_round(struct flow *flow)
{
  uint16_t away = flow->away, thrown = flow->thrown;
  bool news = false;

  for (size_t i = 0; i < flow->count; i++) {
    const struct step *step = &flow->steps[i];
    struct state state, elsewhere = { .reached = true };

    if (i == 0)
      news |= join(&flow->states[i], &elsewhere);
    if (has_address(&flow->entries->into, step->address)) {
      elsewhere.pointers = flow->away;
      news |= join(&flow->states[i], &elsewhere);
    }
    if (i > 0 && may_land(flow, i)) {
      elsewhere.pointers = flow->thrown;
      news |= join(&flow->states[i], &elsewhere);
    }
    if (!flow->states[i].reached)
      continue;
    state = flow->states[i];
    take(flow, step, &state);
    if (step->goes_on && i + 1 < flow->count)
      news |= join(&flow->states[i + 1], &state);
    if (calls(step))
      news |= join_landings(flow, step, &state);
    if (leads_in(flow, step))
      news |= join_at(flow, step->target, &state);
    if (step->what == JUMP_REGISTER && (state.tables & BIT(step->from)))
      news |= join_table(flow, (uint64_t) state.value[step->from], &state);
  }
  return news || away != flow->away || thrown != flow->thrown;
}

/* Steps that nothing known leads to are taken as reachable; true if there were any.  Padding
 * between two parts of a function does not count. */
static bool reach_rest(struct flow *flow)
{
  const struct state anything = { .reached = true, .pointers = flow->away | flow->thrown };

  for (size_t i = 0; i < flow->count; i++)
    if (!flow->states[i].reached && flow->steps[i].what != NOTHING)
      return join(&flow->states[i], &anything);
  return false;
}

/* Whether, at step I, the address of syscall() leaves the registers or the function. */
static bool gets_out(const struct flow *flow, size_t i)
{
  const struct step *step = &flow->steps[i];
  uint16_t pointers = flow->states[i].pointers;

  if (step->escapes || (step->reads & pointers))
    return true;
  switch (step->what) {
    case CALL:
    case CALL_TARGET: return pointers & OF_CALLER & ~BIT(RAX) & ~BIT(R10) & ~BIT(R11);
    case CALL_REGISTER:
      return pointers & OF_CALLER & ~BIT(RAX) & ~BIT(R10) & ~BIT(R11) & ~BIT(step->from);
    case JUMP:
    case JUMP_IF: return pointers && !is_inside(flow, step->target);
    case RETURN:
      /* What a function returns, and must have restored. */
      return pointers & (BIT(RAX) | BIT(RDX) | BIT(RCX) | KEPT);
    case JUMP_TARGET: return pointers != 0;
    case JUMP_REGISTER:
      /* A tail call, or a switch; never both. */
      return pointers & OF_CALLER & ~BIT(step->from);
    case JUMP_AWAY: return pointers & OF_CALLER;
    case STOP: return false;
    default: return pointers && i + 1 == flow->count;
  }
}

static void tell_uses(const struct flow *flow, void (*tell)(void *data, const struct use *use),
                      void *data)
{
  bool anywhere = may_lead_anywhere(flow);
  const struct use unknown = { 0 };

  if (flow->lost)
    tell(data, &unknown);
  for (size_t i = 0; i < flow->count; i++) {
    const struct step *step = &flow->steps[i];
    const struct state *state = &flow->states[i];
    bool enters = step->what == ENTER || step->what == ENTER_OLD;
    bool asks = step->what == CALL_TARGET || step->what == JUMP_TARGET
             || ((step->what == CALL_REGISTER || step->what == JUMP_REGISTER)
                 && (state->pointers & BIT(step->from)));
    int number = enters ? RAX : RDI;
    struct use use = { .by_instruction = enters };

    use.known = !anywhere && step->what != ENTER_OLD && (state->constants & BIT(number));
    use.number = use.known ? (int32_t) state->value[number] : 0;
    if (enters || asks)
      tell(data, &use);
    if (gets_out(flow, i))
      tell(data, &unknown);
  }
}

bool follow_function(Elf *elf, const struct code *function, const struct targets *targets,
                     const struct entries *entries, void (*tell)(void *data, const struct use *use),
                     void *data)
{
  struct flow flow = { .elf = elf, .function = function, .targets = targets, .entries = entries };
  bool good = make_steps(&flow) && connect_steps(&flow);

  if (good)
    good = (flow.states = calloc(flow.count, sizeof *flow.states)) != NULL;
  if (good) {
    flow.knows_landings = find_landings(elf, function, &flow.landings);
    do
      while (go_round(&flow))
        ;
    while (reach_rest(&flow));
    tell_uses(&flow, tell, data);
  }
  free(flow.landings.list);
  free(flow.states);
  free(flow.steps);
  return good;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owner, group and mode: what they are, and what they should be. */
#include <stdio.h>

#include "attributes.h"

bool tell_attributes(char text[ATTRIBUTES_BYTES], const struct queue *queue, enum user owner,
                     bool any_group, mode_t mode, const struct stat *found)
{
  const struct ids *ids = &queue->ids;
  size_t end = 0;

  *text = '\0';
  if (found->st_uid != ids->user[owner])
    end += (size_t) snprintf(text + end, ATTRIBUTES_BYTES - end, "owner, %lu instead of %lu",
                             (unsigned long) found->st_uid, (unsigned long) ids->user[owner]);
  if (!any_group && found->st_gid != ids->group)
    end += (size_t) snprintf(text + end, ATTRIBUTES_BYTES - end, "%sgroup, %lu instead of %lu",
                             end ? "; " : "", (unsigned long) found->st_gid,
                             (unsigned long) ids->group);
  if ((found->st_mode & 07777) != mode)
    end += (size_t) snprintf(text + end, ATTRIBUTES_BYTES - end, "%smode, %04lo instead of %04lo",
                             end ? "; " : "", (unsigned long) (found->st_mode & 07777),
                             (unsigned long) mode);
  return end > 0;
}
